/** A file of what is on the screen. */
import type { Till } from '../frame/till.svelte'
import type { ExportAsk, ExportFormat } from '../ipc/wire'
import { Intent } from '../kit/intent'
import { t } from '../text'

export type ExportWhat = Omit<ExportAsk, 'requestId' | 'format'>

export class Exporter {
  /** Which file is being written. */
  busy = $state<ExportFormat | null>(null)
  readonly #till: Till
  readonly #intent: Intent

  constructor(till: Till, intent = new Intent()) {
    this.#till = till
    this.#intent = intent
  }

  async write(what: ExportWhat, format: ExportFormat): Promise<void> {
    if (this.busy !== null) return
    this.busy = format
    const requestId = this.#intent.idFor({ what, format })
    const answer = await this.#till.call('export', { ...what, format, requestId })
    this.busy = null
    if (answer.ok) {
      this.#intent.answered()
      this.#till.say('done', t.report.saved(answer.value.path, answer.value.rows))
    } else this.#till.refusal(answer.error)
  }
}
