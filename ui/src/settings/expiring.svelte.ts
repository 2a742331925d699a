/** Who loses what soon, page after page. */
import type { Host, Refusal } from '../ipc/call'
import type { ExpiringPage, ExpiringRow } from '../ipc/wire'

export class ExpiringList {
  rows = $state.raw<readonly ExpiringRow[]>([])
  /** The sums of the whole list stand on every page. */
  page = $state.raw<ExpiringPage | null>(null)
  refused = $state.raw<Refusal | null>(null)
  busy = $state(false)

  readonly #host: Host

  constructor(host: Host) {
    this.#host = host
  }

  async #ask(after: string | null): Promise<void> {
    if (this.busy) return
    this.busy = true
    const answer = await this.#host.call('expiring', after === null ? {} : { after })
    this.busy = false
    this.refused = answer.ok ? null : answer.error
    if (!answer.ok) return
    this.page = answer.value
    this.rows = after === null ? answer.value.rows : [...this.rows, ...answer.value.rows]
  }

  read(): Promise<void> {
    return this.#ask(null)
  }

  async more(): Promise<void> {
    const next = this.page?.next ?? null
    if (next !== null) await this.#ask(next)
  }
}
