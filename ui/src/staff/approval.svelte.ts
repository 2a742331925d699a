/**
 * The second person. Every command goes through here: one that answers `approval_needed` opens a dialog, and is asked again
 * with the approver's PIN beside its own fields. Whoever called it sees one question and one answer.
 */
import type { Answer, Ask, CommandName, Host, Refusal, Reply } from '../ipc/call'
import type { ErrorCode } from '../ipc/errors'
import type { Event, StaffView } from '../ipc/wire'

/** What is answered in the dialog itself: the PIN may be given again. */
const IN_PLACE: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  'wrong_pin',
  'pin_wait',
  'pin_locked',
  'bad_pin',
  'pin_keyring',
  'pin_secret_lost',
  'approval_refused',
  'unknown_staff',
])

/** One question to a second person. */
export class Question {
  readonly command: CommandName
  /** Who could be asked. */
  readonly people: StaffView[]
  /** The one at the till works alone: their own PIN once more. */
  readonly alone: boolean
  who = $state<number | null>(null)
  pin = $state('')
  busy = $state(false)
  refused = $state.raw<Refusal | null>(null)
  readonly #give: (staffId: number, pin: string) => Promise<Refusal | null>
  readonly #cancel: () => void

  constructor(
    command: CommandName,
    people: StaffView[],
    alone: boolean,
    give: (staffId: number, pin: string) => Promise<Refusal | null>,
    cancel: () => void,
  ) {
    this.command = command
    this.people = people
    this.alone = alone
    this.who = people.length === 1 ? (people[0]?.id ?? null) : null
    this.#give = give
    this.#cancel = cancel
  }

  async approve(): Promise<void> {
    if (this.busy || this.who === null || this.pin === '') return
    this.busy = true
    this.refused = null
    const { pin } = this
    // It is in one question and nowhere else.
    this.pin = ''
    this.refused = await this.#give(this.who, pin)
    this.busy = false
  }

  cancel(): void {
    this.pin = ''
    this.#cancel()
  }
}

export class Approvals implements Host {
  readonly #inner: Host
  /** The question on the screen. */
  question = $state.raw<Question | null>(null)
  /** Told when a command was refused since nobody is signed in. */
  onSignedOut: (() => void) | null = null
  #before: Promise<unknown> = Promise.resolve()

  constructor(inner: Host) {
    this.#inner = inner
  }

  listen(told: (event: Event) => void): () => void {
    return this.#inner.listen(told)
  }

  async call<K extends CommandName>(command: K, ask: Ask<K>): Promise<Answer<Reply<K>>> {
    const answer = await this.#inner.call(command, ask)
    if (answer.ok) return answer
    if (answer.error.code === 'signed_out') this.onSignedOut?.()
    if (answer.error.code !== 'approval_needed') return answer
    // One question at a time: another command waits until the one before is answered.
    const asked = this.#before.then(() => this.#second(command, ask, answer.error))
    this.#before = asked.catch(() => undefined)
    return asked
  }

  async #second<K extends CommandName>(command: K, ask: Ask<K>, refusal: Refusal): Promise<Answer<Reply<K>>> {
    const about = 'staffId' in ask && command.startsWith('staff_') ? (ask.staffId as number) : null
    const [approvers, frame] = await Promise.all([
      this.#inner.call('approvers', about === null ? {} : { about }),
      this.#inner.call('app_state', {}),
    ])
    if (!approvers.ok) return approvers
    const me = frame.ok ? frame.value.staff.id : null
    const { people } = approvers.value
    return new Promise((resolve) => {
      const end = (answer: Answer<Reply<K>>) => {
        this.question = null
        resolve(answer)
      }
      const give = async (staffId: number, pin: string): Promise<Refusal | null> => {
        const answer = await this.#inner.call(command, { ...ask, approval: { staffId, pin } })
        if (!answer.ok && IN_PLACE.has(answer.error.code)) return answer.error
        end(answer)
        return null
      }
      const alone = people.length === 1 && people[0]?.id === me
      this.question = new Question(command, people, alone, give, () => end({ ok: false, error: refusal }))
    })
  }
}
