/** Payments whose charge was lost with an older state of the book. */
import type { Host, Refusal } from '../ipc/call'
import type { OrphanView } from '../ipc/wire'
import { Intent } from '../kit/intent'

export class Orphans {
  list = $state.raw<OrphanView[]>([])
  busy = $state<string | null>(null)
  refused = $state.raw<{ impUid: string; error: Refusal } | null>(null)

  readonly #host: Host
  readonly #credit: Intent
  readonly #refund: Intent

  constructor(host: Host, make?: () => string) {
    this.#host = host
    this.#credit = new Intent(make)
    this.#refund = new Intent(make)
  }

  async read(): Promise<void> {
    const answer = await this.#host.call('orphans', {})
    if (answer.ok) this.list = answer.value.orphans
  }

  async credit(impUid: string, memberId: number): Promise<void> {
    const content = { impUid, memberId }
    await this.#act(impUid, this.#credit, () =>
      this.#host.call('orphan_credit', { requestId: this.#credit.idFor(content), ...content }),
    )
  }

  async refund(impUid: string): Promise<void> {
    await this.#act(impUid, this.#refund, () =>
      this.#host.call('orphan_refund', { requestId: this.#refund.idFor({ impUid }), impUid }),
    )
  }

  async #act(
    impUid: string,
    intent: Intent,
    ask: () => Promise<{ ok: true } | { ok: false; error: Refusal }>,
  ): Promise<void> {
    if (this.busy !== null) return
    this.busy = impUid
    this.refused = null
    const answer = await ask()
    this.busy = null
    if (answer.ok) intent.answered()
    else this.refused = { impUid, error: answer.error }
    await this.read()
  }
}
