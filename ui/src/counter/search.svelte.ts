/** The one box that finds a member. On a tie it never picks by itself. */
import type { Host, Refusal } from '../ipc/call'
import type { MemberRow } from '../ipc/wire'

export type Entered =
  { kind: 'open'; row: MemberRow } | { kind: 'new' } | { kind: 'choose' } | { kind: 'nothing' }

export class Search {
  query = $state('')
  rows = $state.raw<MemberRow[]>([])
  more = $state(false)
  /** The query that `rows` answers. */
  answered = $state('')
  /** The row that the arrow keys stand on; −1: none. */
  at = $state(-1)
  refused = $state.raw<Refusal | null>(null)
  /** Enter was pressed on a tie: the screen asks to choose. */
  tied = $state(false)

  readonly #host: Host
  #asked = 0
  #running: Promise<void> = Promise.resolve()

  constructor(host: Host) {
    this.#host = host
  }

  get wanted(): string {
    return this.query.trim()
  }
  /** The rows on screen belong to what stands in the box. */
  get current(): boolean {
    return this.answered === this.wanted
  }

  type(query: string): void {
    this.query = query
    this.at = -1
    this.tied = false
    this.#running = this.#look()
  }

  /** Asks again what was asked: somebody's points changed. */
  again(): void {
    if (this.wanted !== '') this.#running = this.#look()
  }

  clear(): void {
    this.type('')
  }

  move(by: number): void {
    if (this.rows.length === 0 || !this.current) return
    this.at = Math.min(this.rows.length - 1, Math.max(0, this.at + by))
    this.tied = false
  }

  /** The row that Enter opens, once the rows belong to what was typed. */
  get chosen(): MemberRow | undefined {
    if (!this.current) return undefined
    return this.rows[this.at] ?? (this.rows.length === 1 && !this.more ? this.rows[0] : undefined)
  }

  /** Enter in the box. Waits for the rows that belong to what was typed. */
  async enter(): Promise<Entered> {
    const wanted = this.wanted
    if (wanted === '') return { kind: 'nothing' }
    await this.#running
    if (wanted !== this.wanted || !this.current) return { kind: 'nothing' }
    if (this.chosen) return { kind: 'open', row: this.chosen }
    if (this.rows.length === 0) return { kind: 'new' }
    this.tied = true
    return { kind: 'choose' }
  }

  async #look(): Promise<void> {
    const query = this.wanted
    const asked = (this.#asked += 1)
    if (query === '') {
      this.rows = []
      this.more = false
      this.answered = ''
      this.refused = null
      return
    }
    const answer = await this.#host.call('member_search', { query, limit: 30 })
    // An answer that was overtaken by a later question is dropped.
    if (asked !== this.#asked) return
    this.refused = answer.ok ? null : answer.error
    if (!answer.ok) return
    this.rows = answer.value.rows
    this.more = answer.value.more
    this.answered = query
  }
}
