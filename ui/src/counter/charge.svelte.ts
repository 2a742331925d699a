/** The sum and the way to pay, until a pay window is open. */
import type { Host, Refusal } from '../ipc/call'
import { errorKo } from '../ipc/errors'
import type { AppState, ChargeQuote, ChargeView, PayMethod } from '../ipc/wire'
import { Intent } from '../kit/intent'
import { answeredSince } from '../paying/asked'
import { lookOf, type Look } from '../paying/face'

/** Tile 6 is for a sum that is on no tile. */
export const OWN_TILE = 6

export class ChargeDesk {
  /** The chosen tile, from 1; 0: none. */
  tile = $state(0)
  /** What the chosen sum gives. */
  quote = $state.raw<ChargeQuote | null>(null)
  method = $state<PayMethod>('card')
  busy = $state(false)
  refused = $state.raw<Refusal | null>(null)
  /** The charge of the same member and sum that was started just before. */
  first = $state.raw<ChargeView | null>(null)
  /** What PortOne says about that charge now. */
  firstAsked = $state<'asking' | 'answered' | 'silent'>('silent')

  readonly #host: Host
  readonly #intent: Intent
  #asked = 0

  constructor(host: Host, intent = new Intent()) {
    this.#host = host
    this.#intent = intent
  }

  /** Another member: nothing of the last one is kept. */
  reset(app: AppState | null): void {
    this.tile = 0
    this.quote = null
    this.refused = null
    this.first = null
    this.#asked += 1
    if (app && !app.methods.includes(this.method)) this.method = app.methods[0] ?? 'card'
    else this.method = app?.methods.includes('card') ? 'card' : this.method
  }

  pick(tile: number, presets: readonly ChargeQuote[]): void {
    const quote = presets[tile - 1]
    if (this.busy || !quote) return
    this.#asked += 1
    this.tile = tile
    this.quote = quote
    this.refused = null
  }

  /** A sum from the keypad. `true` when it can be paid. */
  async pickOwn(won: number, app: AppState, memberId: number | null = null): Promise<boolean> {
    if (this.busy) return false
    const refused = outside(won, app)
    this.refused = refused
    if (refused) return false
    const asked = (this.#asked += 1)
    const answer = await this.#host.call('charge_quote', {
      won,
      ...(memberId === null ? {} : { memberId }),
    })
    if (asked !== this.#asked) return false
    if (!answer.ok) {
      this.refused = answer.error
      return false
    }
    this.tile = OWN_TILE
    this.quote = answer.value
    return true
  }

  /** The tiles were read again: the chosen one may give something else now. */
  presetsChanged(presets: readonly ChargeQuote[]): void {
    if (this.tile === 0 || this.tile === OWN_TILE || this.busy) return
    const quote = presets[this.tile - 1]
    if (quote?.won === this.quote?.won) this.quote = quote ?? null
    else this.reset(null)
  }

  /** Opens the pay window. The charge's id, or `null` when nothing was started. */
  async start(memberId: number, repeatOk = false): Promise<string | null> {
    const quote = this.quote
    if (this.busy || !quote || (repeatOk && !this.mayRepeat)) return null
    const content = { memberId, won: quote.won, method: this.method }
    const chargeId = this.#intent.idFor(content)
    this.busy = true
    this.refused = null
    const answer = await this.#host.call('charge_start', {
      chargeId,
      ...content,
      ...(repeatOk ? { repeatOk } : {}),
    })
    if (answer.ok) {
      this.#intent.answered()
      this.first = null
    } else if (answer.error.code === 'recent_same_charge') {
      await this.#showFirst(answer.error)
    } else {
      this.refused = answer.error
    }
    this.busy = false
    return answer.ok ? chargeId : null
  }

  async #showFirst(error: Refusal): Promise<void> {
    const chargeId = firstCharge(error)
    const view = chargeId === null ? null : await this.#host.call('charge_view', { chargeId })
    this.first = view?.ok ? view.value : null
    this.refused = error
    void this.askFirst()
  }

  /** Asks PortOne about the first charge: a second one is offered only on what it says now. */
  async askFirst(): Promise<void> {
    const before = this.first
    if (!before || this.firstAsked === 'asking') return
    this.firstAsked = 'asking'
    const answer = await this.#host.call('charge_settle', { chargeId: before.chargeId })
    const known = answer.ok && answeredSince(before, answer.value)
    this.firstAsked = known ? 'answered' : 'silent'
    if (answer.ok && this.first?.chargeId === before.chargeId) this.first = answer.value
  }

  /** Paying again takes nobody's money twice without being meant to. */
  get mayRepeat(): boolean {
    return this.first !== null && this.firstAsked === 'answered' && SETTLED.has(lookOf(this.first))
  }
}

/** What became of the first charge is known: nothing was paid, or it was paid and is the customer's. */
const SETTLED: ReadonlySet<Look> = new Set(['waiting', 'unpaid', 'given_up', 'failed', 'voided', 'credited'])

/** The charge that `recent_same_charge` speaks of. */
export function firstCharge(error: Refusal): string | null {
  const detail = error.detail
  if (typeof detail !== 'object' || detail === null || !('chargeId' in detail)) return null
  return typeof detail.chargeId === 'string' ? detail.chargeId : null
}

/** What no pay window need be opened for. */
export function outside(won: number, app: AppState): Refusal | null {
  if (!Number.isSafeInteger(won)) return { code: 'bad_amount', message: errorKo.bad_amount }
  if (won < app.minWon) return { code: 'below_minimum', message: errorKo.below_minimum }
  if (won > app.mostWon) return { code: 'above_limit', message: errorKo.above_limit }
  return null
}
