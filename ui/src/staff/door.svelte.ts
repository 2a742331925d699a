/** Coming in: who is at the till, and the first owner. */
import type { Host, Refusal } from '../ipc/call'
import type { StaffView } from '../ipc/wire'
import { Intent } from '../kit/intent'

/** The lock screen: a name, then a PIN. */
export class LockDesk {
  people = $state.raw<StaffView[] | null>(null)
  unread = $state.raw<Refusal | null>(null)
  who = $state.raw<StaffView | null>(null)
  pin = $state('')
  busy = $state(false)
  refused = $state.raw<Refusal | null>(null)
  readonly #host: Host

  constructor(host: Host) {
    this.#host = host
  }

  async read(): Promise<void> {
    const answer = await this.#host.call('staff_names', {})
    this.unread = answer.ok ? null : answer.error
    if (!answer.ok) return
    this.people = answer.value.people
    if (answer.value.people.length === 1) this.choose(answer.value.people[0] ?? null)
  }

  choose(who: StaffView | null): void {
    this.who = who
    this.pin = ''
    this.refused = null
  }

  /** `true`: somebody is in. */
  async enter(): Promise<boolean> {
    if (this.busy || this.who === null || this.pin === '') return false
    this.busy = true
    this.refused = null
    const { pin } = this
    this.pin = ''
    const answer = await this.#host.call('sign_in', { staffId: this.who.id, pin })
    this.busy = false
    if (!answer.ok) this.refused = answer.error
    return answer.ok
  }
}

/** A new PIN, given twice. */
export class NewPin {
  pin = $state('')
  again = $state('')
  readonly complete = $derived(this.pin.length >= 4 && this.again !== '')
  readonly differs = $derived(this.again !== '' && this.pin !== this.again)

  forget(): void {
    this.pin = ''
    this.again = ''
  }
}

export class FirstOwner {
  name = $state('')
  readonly pin = new NewPin()
  busy = $state(false)
  refused = $state.raw<Refusal | null>(null)
  readonly #host: Host
  readonly #intent: Intent

  constructor(host: Host, make?: () => string) {
    this.#host = host
    this.#intent = new Intent(make)
  }

  /** `true`: the owner is made and in. */
  async save(): Promise<boolean> {
    if (this.busy || this.pin.differs || !this.pin.complete || this.name.trim() === '') return false
    this.busy = true
    this.refused = null
    const name = this.name.trim()
    const answer = await this.#host.call('staff_first_owner', {
      requestId: this.#intent.idFor({ name }),
      name,
      pin: this.pin.pin,
    })
    this.busy = false
    if (answer.ok) this.#intent.answered()
    else this.refused = answer.error
    this.pin.forget()
    return answer.ok
  }
}

/**
 * Tells the core that somebody is here, so that it does not lock the screen: for real keys and fingers alone, and no
 * more often than this.
 */
const TELL_EVERY_MS = 15_000

export function tellActivity(host: Host, signedIn: () => boolean): () => void {
  let told = Number.NEGATIVE_INFINITY
  const touched = (event: Event) => {
    if (!event.isTrusted || !signedIn() || event.timeStamp - told < TELL_EVERY_MS) return
    told = event.timeStamp
    void host.call('staff_active', {})
  }
  const kinds = ['pointerdown', 'keydown', 'wheel', 'touchstart'] as const
  for (const kind of kinds) window.addEventListener(kind, touched, { capture: true, passive: true })
  return () => {
    for (const kind of kinds) window.removeEventListener(kind, touched, { capture: true })
  }
}
