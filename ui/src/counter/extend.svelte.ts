/** Letting a lot last longer. Only later, and with an approval that the command asks for by itself. */
import type { Host, Refusal } from '../ipc/call'
import type { ExpiryExtended, LotView } from '../ipc/wire'
import { Intent } from '../kit/intent'

export class ExtendDesk {
  target = $state.raw<LotView | null>(null)
  paidUntil = $state('')
  bonusUntil = $state('')
  reason = $state('')
  busy = $state(false)
  refused = $state.raw<Refusal | null>(null)

  readonly #host: Host
  readonly #intent: Intent

  constructor(host: Host, intent = new Intent()) {
    this.#host = host
    this.#intent = intent
  }

  open(target: LotView): void {
    this.target = target
    this.paidUntil = ''
    this.bonusUntil = ''
    this.reason = ''
    this.refused = null
  }

  close(): void {
    if (!this.busy) this.target = null
  }

  get ready(): boolean {
    return this.reason.trim() !== '' && (this.paidUntil !== '' || this.bonusUntil !== '')
  }

  async go(): Promise<ExpiryExtended | null> {
    const lot = this.target
    if (this.busy || !lot || !this.ready) return null
    const content = {
      lotId: lot.lotId,
      ...(this.paidUntil === '' ? {} : { paidUntil: this.paidUntil }),
      ...(this.bonusUntil === '' ? {} : { bonusUntil: this.bonusUntil }),
      reason: this.reason.trim(),
    }
    this.busy = true
    this.refused = null
    const answer = await this.#host.call('expiry_extend', {
      requestId: this.#intent.idFor(content),
      ...content,
    })
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
