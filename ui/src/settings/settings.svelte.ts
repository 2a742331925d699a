/** The shop's settings. Each part is saved by itself, and says so by itself. */
import type { Answer, Host, Refusal } from '../ipc/call'
import type {
  BadRow,
  BonusPreview,
  BookReport,
  ChannelView,
  ExpirySuggestion,
  SettingsView,
} from '../ipc/wire'
import { errorKo } from '../ipc/errors'
import { Intent } from '../kit/intent'
import { t } from '../text'
import { blankOffer, draftOf, offerOf, type OfferDraft } from './offers'

export type Part = 'shop' | 'bonus' | 'expiry' | 'keys' | 'proxy' | 'channel' | 'book'

export const TILES = 5

/** The first bad row that `book_broken` speaks of. */
function badRow({ code, detail }: Refusal): BadRow | null {
  if (code !== 'book_broken' || typeof detail !== 'object' || detail === null || !('firstBad' in detail))
    return null
  const row = detail.firstBad as Partial<BadRow> | null
  return typeof row?.seq === 'number' && typeof row.fault === 'string'
    ? { seq: row.seq, fault: row.fault }
    : null
}

/** Which setting is out of its range, and the range. */
export function settingWords({ code, detail }: Refusal, maxChargeWon: number): string | null {
  if (code !== 'bad_setting' || typeof detail !== 'object' || detail === null || !('field' in detail))
    return null
  const words = t.settings.ranges(maxChargeWon)
  const { field } = detail
  return typeof field === 'string' && Object.hasOwn(words, field) ? (words[field] ?? null) : null
}

export class Settings {
  view = $state.raw<SettingsView | null>(null)
  unread = $state.raw<Refusal | null>(null)
  /** The part that is being saved. */
  busy = $state<Part | null>(null)
  /** The part that was saved last. */
  saved = $state<Part | null>(null)
  refused = $state.raw<{ part: Part; error: Refusal } | null>(null)
  channels = $state.raw<ChannelView[] | null>(null)
  report = $state.raw<BookReport | null>(null)

  shopName = $state('')
  maxChargeWon = $state<number | null>(null)
  dayTurnsAtHour = $state(0)
  presets = $state<(number | null)[]>([])
  offers = $state<OfferDraft[]>([])
  validDays = $state<number | null>(null)
  /** What the rule that stands in the fields would cost; of another one it says nothing. */
  cost = $state.raw<BonusPreview | null>(null)
  #costOf = $state('')
  expiryMonths = $state<number | null>(null)
  expiryPg = $state<string | null>(null)
  expirySource = $state('')
  userCode = $state('')
  impKey = $state('')
  impSecret = $state('')
  proxy = $state('')

  readonly #host: Host
  readonly #shop: Intent
  readonly #bonus: Intent
  readonly #expiry: Intent

  constructor(host: Host, make?: () => string) {
    this.#host = host
    this.#shop = new Intent(make)
    this.#bonus = new Intent(make)
    this.#expiry = new Intent(make)
  }

  async read(): Promise<void> {
    const answer = await this.#host.call('settings', {})
    this.unread = answer.ok ? null : answer.error
    if (answer.ok) this.#fill(answer.value)
  }

  #fill(view: SettingsView): void {
    this.view = view
    this.shopName = view.shopName
    this.maxChargeWon = view.maxChargeWon
    this.dayTurnsAtHour = view.dayTurnsAtHour
    this.presets = Array.from({ length: TILES }, (_, place) => view.presetWon[place] ?? null)
    this.offers = (view.bonusRule?.offers ?? []).map(draftOf)
    this.validDays = view.bonusRule?.validDays ?? 365
    this.expiryMonths = view.expiryRule?.months ?? 0
    this.expiryPg = view.expiryRule?.pg ?? null
    this.expirySource = view.expiryRule?.source ?? ''
    this.userCode = view.userCode ?? ''
    this.proxy = view.proxy ?? ''
  }

  /** What the keyring says by now; what is half typed stays. */
  async readKeys(): Promise<void> {
    const answer = await this.#host.call('settings', {})
    if (answer.ok && this.view) this.view = { ...this.view, keys: answer.value.keys }
  }

  async #save(
    part: Part,
    ask: () => Promise<Answer<SettingsView>>,
    numbers: readonly (number | null)[] = [],
  ): Promise<boolean> {
    if (this.busy !== null) return false
    this.saved = null
    this.refused = null
    if (numbers.some(Number.isNaN)) {
      this.refused = {
        part,
        error: { code: 'bad_setting', message: errorKo.bad_setting, detail: { field: 'whole' } },
      }
      return false
    }
    this.busy = part
    const answer = await ask()
    this.busy = null
    if (!answer.ok) {
      this.refused = { part, error: answer.error }
      return false
    }
    this.#take(part, answer.value)
    this.saved = part
    return true
  }

  /** What was saved is taken as the book has it; what is half typed in other parts stays. */
  #take(part: Part, view: SettingsView): void {
    const kept = { ...this.#typed() }
    this.#fill(view)
    if (part !== 'shop') Object.assign(this, kept.shop)
    if (part !== 'bonus') Object.assign(this, kept.bonus)
    if (part !== 'expiry') Object.assign(this, kept.expiry)
    if (part !== 'keys') Object.assign(this, kept.keys)
    if (part !== 'proxy') Object.assign(this, kept.proxy)
  }

  #typed() {
    const { shopName, maxChargeWon, dayTurnsAtHour, presets, offers, validDays, userCode, proxy } = this
    const { expiryMonths, expiryPg, expirySource } = this
    return {
      shop: { shopName, maxChargeWon, dayTurnsAtHour, presets },
      bonus: { offers, validDays },
      expiry: { expiryMonths, expiryPg, expirySource },
      keys: { userCode },
      proxy: { proxy },
    }
  }

  saveShop(): Promise<boolean> {
    const content = {
      shopName: this.shopName.trim(),
      maxChargeWon: this.maxChargeWon ?? 0,
      presetWon: this.presets.filter((won) => won !== null && won !== 0) as number[],
      dayTurnsAtHour: this.dayTurnsAtHour,
    }
    return this.#save(
      'shop',
      async () => {
        const answer = await this.#host.call('settings_shop', {
          requestId: this.#shop.idFor(content),
          ...content,
        })
        if (answer.ok) this.#shop.answered()
        return answer
      },
      [this.maxChargeWon, ...this.presets],
    )
  }

  addOffer(): void {
    this.offers = [...this.offers, blankOffer()]
  }

  dropOffer(place: number): void {
    this.offers = this.offers.filter((_, at) => at !== place)
  }

  get #rule() {
    return { offers: this.offers.map(offerOf), validDays: this.validDays ?? 0 }
  }

  /** The cost of exactly what stands in the fields is in sight. */
  get costKnown(): boolean {
    return this.cost !== null && this.#costOf === JSON.stringify(this.#rule)
  }

  get #numbers() {
    return [this.validDays, ...this.offers.flatMap((offer) => [offer.fromWon, offer.value])]
  }

  /** What the rule would have cost: asked before it can be saved. */
  async seeCost(): Promise<boolean> {
    if (this.busy !== null) return false
    if (this.#numbers.some(Number.isNaN))
      return this.#save('bonus', () => this.#host.call('settings', {}), this.#numbers)
    this.saved = null
    this.refused = null
    const rule = this.#rule
    this.busy = 'bonus'
    const answer = await this.#host.call('bonus_rule_preview', rule)
    this.busy = null
    if (!answer.ok) {
      this.refused = { part: 'bonus', error: answer.error }
      return false
    }
    this.cost = answer.value
    this.#costOf = JSON.stringify(rule)
    return true
  }

  saveBonus(): Promise<boolean> {
    if (!this.costKnown) return this.seeCost().then(() => false)
    const content = this.#rule
    return this.#save(
      'bonus',
      async () => {
        const answer = await this.#host.call('bonus_rule_set', {
          requestId: this.#bonus.idFor(content),
          ...content,
        })
        if (answer.ok) this.#bonus.answered()
        return answer
      },
      this.#numbers,
    )
  }

  /** A payment company's rule into the fields, for the owner to read with its source. */
  pickExpiry(suggestion: ExpirySuggestion): void {
    this.expiryMonths = suggestion.months
    this.expiryPg = suggestion.pg
    this.expirySource = suggestion.source
  }

  saveExpiry(): Promise<boolean> {
    const content = {
      months: this.expiryMonths ?? 0,
      days: 0,
      ...(this.expiryPg === null ? {} : { pg: this.expiryPg }),
      source: this.expirySource.trim(),
    }
    return this.#save(
      'expiry',
      async () => {
        const answer = await this.#host.call('expiry_rule_set', {
          requestId: this.#expiry.idFor(content),
          ...content,
        })
        if (answer.ok) this.#expiry.answered()
        return answer
      },
      [this.expiryMonths],
    )
  }

  /** The secret stays in its field only until it was taken: whoever mistyped one letter does not look it up again. */
  async saveKeys(): Promise<boolean> {
    const keys = {
      impKey: this.impKey.trim(),
      impSecret: this.impSecret.trim(),
      userCode: this.userCode.trim(),
    }
    const saved = await this.#save('keys', () => this.#host.call('keys_save', keys))
    if (saved) {
      // The practice book has no code of its own to show.
      if (this.userCode === '') this.userCode = keys.userCode
      this.impKey = ''
      this.impSecret = ''
      this.channels = null
    }
    return saved
  }

  saveProxy(): Promise<boolean> {
    return this.#save('proxy', () => this.#host.call('settings_proxy', { proxy: this.proxy.trim() }))
  }

  forgetKeys(): Promise<boolean> {
    this.channels = null
    return this.#save('keys', () => this.#host.call('keys_forget', {}))
  }

  async readChannels(): Promise<void> {
    if (this.busy !== null) return
    this.busy = 'channel'
    this.refused = null
    const answer = await this.#host.call('channels', {})
    this.busy = null
    if (answer.ok) this.channels = answer.value.channels
    else this.refused = { part: 'channel', error: answer.error }
  }

  choose(channelKey: string): Promise<boolean> {
    return this.#save('channel', () => this.#host.call('channel_choose', { channelKey }))
  }

  async verify(): Promise<void> {
    if (this.busy !== null) return
    this.busy = 'book'
    this.refused = null
    const answer = await this.#host.call('book_verify', {})
    this.busy = null
    const firstBad = answer.ok ? null : badRow(answer.error)
    if (answer.ok) this.report = answer.value
    else if (firstBad) this.report = { ok: false, transactions: 0, head: '', firstBad }
    else {
      this.report = null
      this.refused = { part: 'book', error: answer.error }
    }
  }
}
