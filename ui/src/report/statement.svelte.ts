/** A member's statement, whole: what is printed has no "more" button. */
import type { Answer, Host, Refusal } from '../ipc/call'
import type { ExportWhat } from './export.svelte'
import type { StatementAsk, StatementPage, StatementRowView } from '../ipc/wire'

const PAGE = 500
/** More than this is no printed page but a file. */
export const MOST_ROWS = 2000

export class Statement {
  from = $state('')
  to = $state('')
  /** The first page, with what is said once. */
  head = $state.raw<StatementPage | null>(null)
  rows = $state.raw<StatementRowView[]>([])
  refused = $state.raw<Refusal | null>(null)
  busy = $state(false)
  readonly memberId: number
  readonly #host: Host
  #asked = 0

  constructor(host: Host, memberId: number) {
    this.#host = host
    this.memberId = memberId
  }

  get #period(): Pick<StatementAsk, 'from' | 'to'> {
    return { ...(this.from ? { from: this.from } : {}), ...(this.to ? { to: this.to } : {}) }
  }
  get exported(): ExportWhat {
    return { table: 'statement', memberId: this.memberId, ...this.#period }
  }
  get complete(): boolean {
    return this.head !== null && this.rows.length === this.head.count
  }

  async read(): Promise<void> {
    const asked = (this.#asked += 1)
    this.busy = true
    let head: StatementPage | null = null
    let rows: StatementRowView[] = []
    let after: number | null = null
    do {
      const ask: StatementAsk = { memberId: this.memberId, limit: PAGE, ...this.#period }
      const answer: Answer<StatementPage> = await this.#host.call(
        'statement',
        after === null ? ask : { ...ask, after },
      )
      if (asked !== this.#asked) return
      this.refused = answer.ok ? null : answer.error
      if (!answer.ok) break
      // Something was written meanwhile: the pages would tell of two states of the book.
      if (head !== null && head.head !== answer.value.head) return await this.read()
      head ??= answer.value
      rows = [...rows, ...answer.value.rows]
      after = answer.value.next
    } while (after !== null && rows.length < MOST_ROWS)
    this.busy = false
    if (this.refused) return
    this.head = head
    this.rows = rows
  }
}
