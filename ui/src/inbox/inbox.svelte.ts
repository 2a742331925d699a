/** The charges that are not finished. */
import type { Host, Refusal } from '../ipc/call'
import type { ChargeState, ChargeView } from '../ipc/wire'

export type Group = 'act' | 'wait' | 'stopped'
const groups: Record<ChargeState, Group> = {
  disputed: 'act',
  unknown: 'wait',
  open: 'wait',
  awaiting_deposit: 'wait',
  failed: 'stopped',
  voided: 'stopped',
  credited: 'act',
}
const ORDER: readonly Group[] = ['act', 'wait', 'stopped']

export class Inbox {
  charges = $state.raw<ChargeView[] | null>(null)
  refused = $state.raw<Refusal | null>(null)
  /** The charge that is being looked up now. */
  looking = $state<string | null>(null)

  readonly #host: Host

  constructor(host: Host) {
    this.#host = host
  }

  /** What needs a person first, then what waits, then what came to nothing. */
  get grouped(): { group: Group; charges: ChargeView[] }[] {
    const charges = this.charges ?? []
    return ORDER.map((group) => ({
      group,
      charges: charges.filter((charge) => groups[charge.state] === group),
    })).filter(({ charges }) => charges.length > 0)
  }

  async read(): Promise<void> {
    const answer = await this.#host.call('waiting', {})
    this.refused = answer.ok ? null : answer.error
    if (answer.ok) this.charges = answer.value.charges
  }

  async recheck(chargeId: string): Promise<void> {
    if (this.looking !== null) return
    this.looking = chargeId
    const answer = await this.#host.call('charge_settle', { chargeId })
    this.looking = null
    this.refused = answer.ok ? null : answer.error
    if (answer.ok) {
      const view = answer.value
      this.charges = (this.charges ?? []).map((charge) => (charge.chargeId === chargeId ? view : charge))
    }
  }
}
