/** Backups as the settings screen shows them. */
import type { Answer, Host, Refusal } from '../ipc/call'
import { errorKo } from '../ipc/errors'
import type { BackupFileView, BackupRunView, BackupView, RestoreChecked, RestoreReport } from '../ipc/wire'
import { Intent } from '../kit/intent'
import { t } from '../text'
import { dayAndTime } from '../text/format'

export type Act = 'save' | 'now' | 'key' | 'enter' | 'list' | 'check' | 'restore' | 'ask'

/** A run in words: when, and why not where it is not good. */
export function runWords(run: BackupRunView | null, now: number): string {
  if (run === null) return t.backup.none
  const when = dayAndTime(run.at, now)
  if (run.fault === null) return when
  const words = (errorKo as Record<string, string>)[run.fault] ?? run.fault
  return `${when} · ${t.backup.failed(words)}`
}

export class Backup {
  view = $state.raw<BackupView | null>(null)
  files = $state.raw<BackupFileView[] | null>(null)
  checked = $state.raw<RestoreChecked | null>(null)
  report = $state.raw<RestoreReport | null>(null)
  /** Only while it is on the screen. */
  key = $state.raw<string | null>(null)
  busy = $state<Act | null>(null)
  done = $state<Act | null>(null)
  refused = $state.raw<{ act: Act; error: Refusal } | null>(null)

  folder = $state('')
  daily = $state(true)
  typedKey = $state('')

  readonly #host: Host
  readonly #intents: Record<'save' | 'now' | 'key' | 'enter' | 'restore', Intent>

  constructor(host: Host, make?: () => string) {
    this.#host = host
    this.#intents = {
      save: new Intent(make),
      now: new Intent(make),
      key: new Intent(make),
      enter: new Intent(make),
      restore: new Intent(make),
    }
  }

  /** What stands in the book; what is half typed stays when `keep` is set. */
  async read(keep = false): Promise<void> {
    const answer = await this.#host.call('backup_view', {})
    if (answer.ok) this.#take(answer.value, keep)
  }

  #take(view: BackupView, keep: boolean): void {
    this.view = view
    if (keep) return
    this.folder = view.folder ?? ''
    this.daily = view.folder === null || view.daily
  }

  async #act<T>(act: Act, ask: () => Promise<Answer<T>>): Promise<T | null> {
    if (this.busy !== null) return null
    this.busy = act
    this.done = null
    this.refused = null
    const answer = await ask()
    this.busy = null
    if (!answer.ok) {
      this.refused = { act, error: answer.error }
      await this.read(true)
      return null
    }
    this.done = act
    return answer.value
  }

  async save(): Promise<void> {
    // An empty folder: there are no backups.
    const content = { folder: this.folder.trim(), daily: this.daily }
    const requestId = this.#intents.save.idFor(content)
    const view = await this.#act('save', () =>
      this.#host.call('backup_settings_set', { requestId, ...content }),
    )
    if (view === null) return
    this.#intents.save.answered()
    this.files = null
    this.#take(view, false)
  }

  async now(): Promise<void> {
    const requestId = this.#intents.now.idFor({})
    const view = await this.#act('now', () => this.#host.call('backup_now', { requestId }))
    if (view === null) return
    this.#intents.now.answered()
    this.#take(view, true)
    if (this.files !== null) await this.list()
  }

  async showKey(): Promise<void> {
    const requestId = this.#intents.key.idFor({})
    const shown = await this.#act('key', () => this.#host.call('recovery_key', { requestId }))
    if (shown === null) return
    this.#intents.key.answered()
    this.key = shown.key
    await this.read(true)
  }

  hideKey(): void {
    this.key = null
  }

  async enterKey(): Promise<void> {
    const key = this.typedKey
    const requestId = this.#intents.enter.idFor({ length: key.length })
    const view = await this.#act('enter', () => this.#host.call('recovery_key_enter', { requestId, key }))
    if (view === null) return
    this.#intents.enter.answered()
    this.typedKey = ''
    this.#take(view, true)
  }

  async list(): Promise<void> {
    this.checked = null
    const listed = await this.#act('list', () => this.#host.call('backup_list', {}))
    if (listed) this.files = listed.files
  }

  async check(file: string): Promise<void> {
    this.checked = null
    this.checked = await this.#act('check', () => this.#host.call('restore_check', { file }))
  }

  /** True when the backup is the book now. */
  async restore(file: string): Promise<boolean> {
    const requestId = this.#intents.restore.idFor({ file })
    const report = await this.#act('restore', () => this.#host.call('restore', { requestId, file }))
    if (report === null) return false
    this.#intents.restore.answered()
    this.report = report
    this.files = null
    this.checked = null
    await this.read()
    return true
  }

  async readReport(): Promise<void> {
    const answer = await this.#host.call('restore_report', {})
    if (answer.ok && answer.value.file !== null) this.report = answer.value
  }

  async ask(): Promise<void> {
    const report = await this.#act('ask', () => this.#host.call('restore_go_on', {}))
    if (report) this.report = report
    await this.read(true)
  }
}
