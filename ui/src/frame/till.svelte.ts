/** What the frame around every screen knows, and what every screen asks through. */
import type { Ask, CommandName, Host, Refusal, Reply, Answer } from '../ipc/call'
import type { AppState, Event, Mode } from '../ipc/wire'
import { t } from '../text'

export type ScreenName = 'counter' | 'inbox' | 'history' | 'settings' | 'close'

/** A short word about something that happened elsewhere than where the clerk looks. */
export interface Toast {
  id: number
  tone: 'done' | 'check' | 'fail' | 'plain'
  text: string
  code?: string
}

const TOAST_MS = 6000

export class Till {
  readonly host: Host
  app = $state.raw<AppState | null>(null)
  /** Why the frame could not be read, until it could. */
  refused = $state.raw<Refusal | null>(null)
  screen = $state<ScreenName>('counter')
  toasts = $state.raw<Toast[]>([])
  switching = $state(false)
  /** A mode was asked for that needs PortOne's keys, and there are none. */
  keysWanted = $state(false)
  /** Real money was asked for, and the shop has no owner with a PIN. */
  ownerWanted = $state(false)
  /** The time of the charges' clock, ticking: PortOne's, as far as this screen has heard it. */
  now = $state(Date.now())

  /** PortOne's clock minus this computer's. */
  #skewMs = 0
  #toastId = 0
  readonly #listeners = new Set<(event: Event) => void>()

  constructor(host: Host) {
    this.host = host
  }

  call<K extends CommandName>(command: K, ask: Ask<K>): Promise<Answer<Reply<K>>> {
    return this.host.call(command, ask)
  }

  /** Starts listening and ticking; the answer stops both. */
  start(): () => void {
    void this.reread()
    const stop = this.host.listen((event) => {
      void this.reread()
      for (const told of this.#listeners) told(event)
    })
    const ticking = setInterval(() => this.tick(), 1000)
    return () => {
      stop()
      clearInterval(ticking)
    }
  }

  tick(): void {
    this.now = Date.now() + this.#skewMs
    // Until the audit is through or the wire is back, ask again: an event may have been missed.
    if (this.app === null || this.app.book === 'auditing' || this.app.connection === 'connecting')
      void this.reread()
  }

  /** A moment that PortOne's clock said was now. */
  heard(at: number): void {
    this.#skewMs = at - Date.now()
    this.now = at
  }

  onChange(told: (event: Event) => void): () => void {
    this.#listeners.add(told)
    return () => void this.#listeners.delete(told)
  }

  async reread(): Promise<void> {
    const answer = await this.call('app_state', {})
    if (answer.ok) this.app = answer.value
    this.refused = answer.ok ? null : answer.error
  }

  /** Where the test switch would lead from here. */
  get otherMode(): Mode {
    if (this.app === null || this.app.mode !== 'test') return 'test'
    return this.app.modes.includes('live') || !this.app.modes.includes('practice') ? 'live' : 'practice'
  }

  async switchMode(mode: Mode): Promise<boolean> {
    if (this.switching) return false
    this.switching = true
    const answer = await this.call('mode_switch', { mode })
    this.switching = false
    if (!answer.ok) {
      const { code } = answer.error
      const closed = code === 'mode_unavailable' && mode === 'test' && !this.app?.modes.includes(mode)
      if (code === 'owner_needed') this.ownerWanted = true
      else if (code === 'keys_missing' || closed) this.keysWanted = true
      else this.refusal(answer.error)
      return false
    }
    this.app = answer.value
    for (const told of this.#listeners) told({ kind: 'state' })
    return true
  }

  /** Leaves the till to the next person. */
  async lock(): Promise<void> {
    const answer = await this.call('sign_out', {})
    if (!answer.ok) this.refusal(answer.error)
    await this.reread()
  }

  /** Nothing of the one before stays for the next. */
  cleared(): void {
    this.toasts = []
    this.keysWanted = false
    this.ownerWanted = false
    this.screen = 'counter'
  }

  say(tone: Toast['tone'], text: string, code?: string): void {
    const id = (this.#toastId += 1)
    this.toasts = [...this.toasts.slice(-2), { id, tone, text, ...(code === undefined ? {} : { code }) }]
    setTimeout(() => this.unsay(id), TOAST_MS)
  }

  refusal(error: Refusal): void {
    this.say('fail', t.errors[error.code] ?? error.message, error.code)
  }

  unsay(id: number): void {
    this.toasts = this.toasts.filter((toast) => toast.id !== id)
  }
}
