/** What a manager does with a member now and then: a correction, two made one, a person forgotten. */
import type { Answer, Host, Refusal } from '../ipc/call'
import type { Adjusted, AdjustReason, MemberCard, MemberMerged, MemberRow } from '../ipc/wire'
import { Intent } from '../kit/intent'

export type Care = 'menu' | 'adjust' | 'merge' | 'erase'

export class CareDesk {
  kind = $state<Care | null>(null)
  reason = $state('')
  busy = $state(false)
  refused = $state.raw<Refusal | null>(null)

  adds = $state(false)
  paid = $state<number | null>(null)
  bonus = $state<number | null>(null)
  class = $state<AdjustReason>('correction')

  query = $state('')
  rows = $state.raw<MemberRow[] | null>(null)
  into = $state.raw<MemberRow | null>(null)

  typedName = $state('')
  /** The member does not want what of expired points could be refunded. */
  waived = $state(false)

  readonly #host: Host
  readonly #intent: Intent
  #asked = 0

  constructor(host: Host, intent = new Intent()) {
    this.#host = host
    this.#intent = intent
  }

  open(kind: Care): void {
    this.kind = kind
    this.reason = ''
    this.refused = null
    this.adds = false
    this.paid = this.bonus = null
    this.class = 'correction'
    this.query = ''
    this.rows = this.into = null
    this.typedName = ''
    this.waived = false
  }

  close(): void {
    if (!this.busy) this.kind = null
  }

  /** What the correction makes of the balance; `null` while nothing whole was typed or more is taken than is there. */
  after(card: Pick<MemberCard, 'paid' | 'bonus'>): { paid: number; bonus: number } | null {
    const [paid, bonus] = [this.paid ?? 0, this.bonus ?? 0]
    if (!Number.isSafeInteger(paid) || !Number.isSafeInteger(bonus) || (paid === 0 && bonus === 0))
      return null
    const sign = this.adds ? 1 : -1
    const after = { paid: card.paid + sign * paid, bonus: card.bonus + sign * bonus }
    return after.paid < 0 || after.bonus < 0 ? null : after
  }

  adjust(card: MemberCard): Promise<Adjusted | null> {
    const sign = this.adds ? 1 : -1
    const ask = {
      memberId: card.memberId,
      paid: sign * (this.paid ?? 0) || 0,
      bonus: sign * (this.bonus ?? 0) || 0,
      class: this.class,
      reason: this.reason.trim(),
    }
    if (this.after(card) === null || ask.reason === '') return Promise.resolve(null)
    return this.#do(ask, (requestId) => this.#host.call('adjust', { requestId, ...ask }))
  }

  /** Looks for the member that is to stay. An answer that was overtaken is dropped. */
  async find(query: string, memberId: number): Promise<void> {
    this.query = query
    this.into = null
    const asked = (this.#asked += 1)
    if (query.trim() === '') {
      this.rows = null
      return
    }
    const answer = await this.#host.call('member_search', { query: query.trim(), limit: 5 })
    if (asked !== this.#asked) return
    this.refused = answer.ok ? null : answer.error
    if (answer.ok) this.rows = answer.value.rows.filter((row) => row.memberId !== memberId)
  }

  merge(card: MemberCard): Promise<MemberMerged | null> {
    const reason = this.reason.trim()
    if (this.into === null || reason === '') return Promise.resolve(null)
    const ask = { memberId: card.memberId, intoId: this.into.memberId, reason }
    return this.#do(ask, (requestId) => this.#host.call('member_merge', { requestId, ...ask }))
  }

  async erase(card: MemberCard): Promise<boolean> {
    if (this.typedName.trim() !== card.name) return false
    const ask = { memberId: card.memberId, claimWaived: this.waived }
    return (
      (await this.#do(ask, (requestId) => this.#host.call('member_erase', { requestId, ...ask }))) !== null
    )
  }

  async #do<T>(ask: object, call: (requestId: string) => Promise<Answer<T>>): Promise<T | null> {
    if (this.busy) return null
    this.busy = true
    this.refused = null
    const answer = await call(this.#intent.idFor([this.kind, ask]))
    this.busy = false
    if (!answer.ok) {
      this.refused = answer.error
      return null
    }
    this.#intent.answered()
    this.kind = null
    return answer.value
  }
}
