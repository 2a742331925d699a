/** Taking a use back. A charge is not taken back here: that is a refund. */
import type { Host, Refusal } from '../ipc/call'
import type { TransactionView, Undone } from '../ipc/wire'
import { Intent } from '../kit/intent'

/** What `undo the last` means: the latest thing that was not itself taken back. */
export function lastOf(transactions: readonly TransactionView[]): TransactionView | null {
  return transactions.find((row) => !row.reversed && row.kind !== 'reversal') ?? null
}

export class UndoDesk {
  target = $state.raw<TransactionView | null>(null)
  reason = $state('')
  busy = $state(false)
  refused = $state.raw<Refusal | null>(null)

  readonly #host: Host
  readonly #intent: Intent

  constructor(host: Host, intent = new Intent()) {
    this.#host = host
    this.#intent = intent
  }

  open(target: TransactionView): void {
    this.target = target
    this.reason = ''
    this.refused = null
  }

  close(): void {
    if (!this.busy) this.target = null
  }

  async go(): Promise<Undone | null> {
    const reason = this.reason.trim()
    const target = this.target
    if (this.busy || !target || reason === '') return null
    const { transactionId } = target
    const undoId = this.#intent.idFor({ transactionId, reason })
    this.busy = true
    this.refused = null
    const answer = await this.#host.call('undo', { undoId, transactionId, reason })
    this.busy = false
    if (!answer.ok) {
      this.refused = answer.error
      return null
    }
    this.#intent.answered()
    this.target = null
    return answer.value
  }
}
