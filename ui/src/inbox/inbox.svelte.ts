/** The charges that are not finished. */
import type { Host, Refusal } from '../ipc/call'
import type { ChargeView, RefundView } from '../ipc/wire'
import { answeredSince } from '../paying/asked'
import { faceOf } from '../paying/face'

/** What needs a person, and what waits by itself. */
export type Group = 'act' | 'wait'
const ORDER: readonly Group[] = ['act', 'wait']
const groupOf = (charge: ChargeView): Group => (faceOf(charge).mark === 'disputed' ? 'act' : 'wait')

export class Inbox {
  charges = $state.raw<ChargeView[] | null>(null)
  /** Refunds under way, the oldest first. */
  refunds = $state.raw<RefundView[]>([])
  refused = $state.raw<Refusal | null>(null)
  /** The charge that is being looked up now. */
  looking = $state<string | null>(null)

  /** The charge about which PortOne was asked last and did not answer, and when. */
  silent = $state.raw<{ chargeId: string; at: number } | null>(null)

  readonly #host: Host
  readonly #now: () => number

  constructor(host: Host, now: () => number = Date.now) {
    this.#host = host
    this.#now = now
  }

  /** What needs a person first, then what waits. */
  get grouped(): { group: Group; charges: ChargeView[] }[] {
    const charges = this.charges ?? []
    return ORDER.map((group) => ({
      group,
      charges: charges.filter((charge) => groupOf(charge) === group),
    })).filter(({ charges }) => charges.length > 0)
  }

  async read(): Promise<void> {
    const answer = await this.#host.call('waiting', {})
    this.refused = answer.ok ? null : answer.error
    if (!answer.ok) return
    this.charges = answer.value.charges
    this.refunds = answer.value.refunds
  }

  async recheck(chargeId: string): Promise<void> {
    if (this.looking !== null) return
    this.looking = chargeId
    this.silent = null
    const before = this.charges?.find((charge) => charge.chargeId === chargeId) ?? null
    const answer = await this.#host.call('charge_settle', { chargeId })
    this.looking = null
    this.refused = answer.ok ? null : answer.error
    if (answer.ok) {
      const view = answer.value
      if (!answeredSince(before, view)) this.silent = { chargeId, at: this.#now() }
      this.charges = (this.charges ?? []).map((charge) => (charge.chargeId === chargeId ? view : charge))
    }
  }
}
