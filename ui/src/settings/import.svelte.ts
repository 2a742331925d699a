/** Taking the balances of the shop's old book over: looked at first, then written whole or not at all. */
import type { Host, Refusal } from '../ipc/call'
import type { ImportDone, ImportPreview, ImportRefused } from '../ipc/wire'
import { errorKo } from '../ipc/errors'
import { Intent } from '../kit/intent'
import { t } from '../text'

/** Bytes. The book refuses more too; a larger file is not even read. */
const LARGEST = 2 * 1024 * 1024
const CHUNK = 0x8000

export function base64(bytes: Uint8Array): string {
  let text = ''
  for (let at = 0; at < bytes.length; at += CHUNK) {
    text += String.fromCharCode(...bytes.subarray(at, at + CHUNK))
  }
  return btoa(text)
}

/** A cell that no spreadsheet takes for a formula, and no comma or quote breaks. */
function cell(text: string): string {
  const safe = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text
  return `"${safe.replaceAll('"', '""')}"`
}

/** The refused rows as a CSV that Excel reads. */
export function refusedCsv(rows: readonly ImportRefused[]): string {
  const lines = rows.map((row) => [String(row.line), row.name, row.phone, t.member.faults[row.fault]])
  return (
    '\ufeff' + [t.member.importHead, ...lines].map((line) => line.map(cell).join(',')).join('\r\n') + '\r\n'
  )
}

export class Import {
  busy = $state<'reading' | 'applying' | null>(null)
  preview = $state.raw<ImportPreview | null>(null)
  done = $state.raw<ImportDone | null>(null)
  refused = $state.raw<Refusal | null>(null)
  /** The sums that the owner has counted; they stay empty on purpose until somebody types them. */
  count = $state<number | null>(null)
  paid = $state<number | null>(null)
  bonus = $state<number | null>(null)

  readonly #host: Host
  readonly #intent: Intent
  #content = ''

  constructor(host: Host, intent = new Intent()) {
    this.#host = host
    this.#intent = intent
  }

  async look(file: Pick<File, 'size' | 'arrayBuffer'>): Promise<void> {
    if (this.busy) return
    this.preview = this.done = this.refused = null
    this.count = this.paid = this.bonus = null
    if (file.size > LARGEST) {
      this.refused = { code: 'file_too_large', message: errorKo.file_too_large }
      return
    }
    this.busy = 'reading'
    const bytes = await file.arrayBuffer().catch(() => null)
    if (bytes === null) {
      this.busy = null
      this.refused = { code: 'bad_file', message: errorKo.bad_file }
      return
    }
    this.#content = base64(new Uint8Array(bytes))
    const answer = await this.#host.call('import_preview', { content: this.#content })
    this.busy = null
    if (answer.ok) this.preview = answer.value
    else this.refused = answer.error
  }

  get ready(): boolean {
    const whole = [this.count, this.paid, this.bonus].every(
      (sum) => sum !== null && Number.isSafeInteger(sum),
    )
    return whole && this.busy === null && (this.preview?.count ?? 0) > 0
  }

  async apply(): Promise<void> {
    const preview = this.preview
    if (!preview || !this.ready) return
    const sums = { count: this.count ?? 0, paid: this.paid ?? 0, bonus: this.bonus ?? 0 }
    const ask = { digest: preview.digest, ...sums }
    this.busy = 'applying'
    this.refused = null
    const requestId = this.#intent.idFor(ask)
    const answer = await this.#host.call('import_apply', { requestId, content: this.#content, ...ask })
    this.busy = null
    if (!answer.ok) {
      this.refused = answer.error
      return
    }
    this.#intent.answered()
    this.#content = ''
    this.done = answer.value
    // What was refused stays in sight: it is still to be seen to.
    this.preview = preview.refusedCount > 0 ? { ...preview, count: 0, rows: [] } : null
  }
}
