/** The people of the shop, as their manager keeps them. */
import type { Answer, Host, Refusal } from '../ipc/call'
import type { PersonView, Role, StaffList } from '../ipc/wire'
import { Intent } from '../kit/intent'
import { NewPin } from './door.svelte'

export type Open =
  { kind: 'add' } | { kind: 'edit'; person: PersonView } | { kind: 'pin'; id: number; name: string }

export class Staff {
  list = $state.raw<StaffList | null>(null)
  unread = $state.raw<Refusal | null>(null)
  refused = $state.raw<Refusal | null>(null)
  /** The dialog that is open. */
  open = $state.raw<Open | null>(null)
  busy = $state(false)
  done = $state(false)

  name = $state('')
  role = $state<Role>('clerk')
  active = $state(true)
  oldPin = $state('')
  readonly pin = new NewPin()
  idleMinutes = $state<number | null>(null)

  readonly #host: Host
  readonly #intent: Intent

  constructor(host: Host, make?: () => string) {
    this.#host = host
    this.#intent = new Intent(make)
  }

  async read(): Promise<void> {
    const answer = await this.#host.call('staff_list', {})
    this.unread = answer.ok ? null : answer.error
    if (answer.ok) this.#take(answer.value)
  }

  #take(list: StaffList): void {
    this.list = list
    this.idleMinutes = list.idleMinutes
  }

  show(open: Open | null): void {
    this.open = open
    this.refused = null
    this.done = false
    this.oldPin = ''
    this.pin.forget()
    const person = open?.kind === 'edit' ? open.person : null
    this.name = person?.name ?? ''
    this.role = person?.role ?? 'clerk'
    this.active = person?.active ?? true
  }

  /** Whether what is typed can be saved. */
  get complete(): boolean {
    if (this.open === null) return false
    const pin = this.pin.complete && !this.pin.differs
    switch (this.open.kind) {
      case 'add':
        return this.name.trim() !== '' && pin
      case 'edit':
        return this.name.trim() !== ''
      case 'pin':
        return pin
    }
  }

  async #ask<T>(content: unknown, ask: (requestId: string) => Promise<Answer<T>>): Promise<T | null> {
    if (this.busy) return null
    this.busy = true
    this.refused = null
    this.done = false
    const answer = await ask(this.#intent.idFor(content))
    this.busy = false
    if (!answer.ok) {
      // Whoever thought better of it knows that nothing was approved.
      this.refused = answer.error
      return null
    }
    this.#intent.answered()
    this.done = true
    return answer.value
  }

  /** Saves what the open dialog holds. */
  async save(): Promise<void> {
    const { open } = this
    if (open === null || !this.complete) return
    const name = this.name.trim()
    const { role, active } = this
    const pin = this.pin.pin
    if (open.kind === 'pin') {
      const own = this.oldPin === '' ? {} : { oldPin: this.oldPin }
      const content = { kind: open.kind, id: open.id }
      const saved = await this.#ask(content, (requestId) =>
        this.#host.call('staff_pin_set', { requestId, staffId: open.id, pin, ...own }),
      )
      this.oldPin = ''
      this.pin.forget()
      if (saved !== null) this.open = null
      return
    }
    const list = await this.#ask({ open, name, role, active }, (requestId) =>
      open.kind === 'add'
        ? this.#host.call('staff_add', { requestId, name, role, pin })
        : this.#host.call('staff_edit', { requestId, staffId: open.person.id, name, role, active }),
    )
    if (list === null) return
    this.#take(list)
    this.show(null)
    this.done = true
  }

  async unlock(person: PersonView): Promise<void> {
    const list = await this.#ask({ unlock: person.id }, (requestId) =>
      this.#host.call('staff_unlock', { requestId, staffId: person.id }),
    )
    if (list !== null) this.#take(list)
  }

  async saveIdle(): Promise<void> {
    const minutes = this.idleMinutes ?? 0
    const list = await this.#ask({ minutes }, (requestId) =>
      this.#host.call('staff_idle', { requestId, minutes }),
    )
    if (list !== null) this.#take(list)
  }
}
