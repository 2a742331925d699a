/** Every transaction, the latest first, page by page. */
import type { Host, Refusal } from '../ipc/call'
import type { HistoryAsk, PayMethod, StaffName, TransactionKind, TransactionView } from '../ipc/wire'
import type { ExportWhat } from '../report/export.svelte'
import { businessDate } from '../text/format'

export type Range = 'today' | 'yesterday' | 'week' | 'month' | 'ever'
export const RANGES: readonly Range[] = ['today', 'yesterday', 'week', 'month', 'ever']
/** The kinds that a shop looks for, and the rarer ones. */
export const KINDS: readonly TransactionKind[] = ['loading', 'spending', 'reversal']
export const RARE_KINDS: readonly TransactionKind[] = [
  'refund',
  'clawback',
  'expiry',
  'adjustment',
  'merge',
  'opening',
]

const PAGE = 50

/** The shop's days of a range. */
export function daysOf(range: Range, now: number, turnsAtHour: number): { from?: string; to?: string } {
  const day = (back: number) => businessDate(now, turnsAtHour, back)
  switch (range) {
    case 'today':
      return { from: day(0), to: day(0) }
    case 'yesterday':
      return { from: day(1), to: day(1) }
    case 'week':
      return { from: day(6) }
    case 'month':
      return { from: day(29) }
    case 'ever':
      return {}
  }
}

export class History {
  range = $state<Range>('today')
  kind = $state<TransactionKind | null>(null)
  /** One day, `2026-11-23`, in place of the range. */
  day = $state('')
  staffId = $state<number | null>(null)
  method = $state<PayMethod | null>(null)
  /** Whom the history can be filtered by. */
  staff = $state.raw<StaffName[]>([])
  rows = $state.raw<TransactionView[] | null>(null)
  /** Where the next page starts. */
  next = $state.raw<HistoryAsk['before'] | null>(null)
  busy = $state(false)
  refused = $state.raw<Refusal | null>(null)
  memberId: number | null = null

  readonly #host: Host
  readonly #now: () => number
  #turnsAtHour = 0
  #asked = 0

  constructor(host: Host, now: () => number) {
    this.#host = host
    this.#now = now
  }

  /** Reads when the shop's day turns, then the first page. */
  async start(memberId: number | null): Promise<void> {
    this.memberId = memberId
    this.range = memberId === null ? 'today' : 'ever'
    const settings = await this.#host.call('settings', {})
    if (settings.ok) this.#turnsAtHour = settings.value.dayTurnsAtHour
    const filters = await this.#host.call('history_filters', {})
    if (filters.ok) this.staff = filters.value.staff
    await this.read()
  }

  #filter(): Omit<HistoryAsk, 'limit' | 'before'> {
    return {
      ...(this.day === ''
        ? daysOf(this.range, this.#now(), this.#turnsAtHour)
        : { from: this.day, to: this.day }),
      ...(this.staffId === null ? {} : { staffId: this.staffId }),
      ...(this.method === null ? {} : { methods: [this.method] }),
      ...(this.kind === null ? {} : { kinds: [this.kind] }),
      ...(this.memberId === null ? {} : { memberId: this.memberId }),
    }
  }

  #ask(): HistoryAsk {
    return { limit: PAGE, ...this.#filter() }
  }

  /** What is listed, as a file. */
  get exported(): ExportWhat {
    return { table: 'history', ...this.#filter() }
  }

  async read(): Promise<void> {
    const asked = (this.#asked += 1)
    this.busy = true
    const answer = await this.#host.call('history', this.#ask())
    if (asked !== this.#asked) return
    this.busy = false
    this.refused = answer.ok ? null : answer.error
    if (!answer.ok) return
    this.rows = answer.value.rows
    this.next = answer.value.next
  }

  async more(): Promise<void> {
    const before = this.next
    if (this.busy || before === null || before === undefined) return
    const asked = (this.#asked += 1)
    this.busy = true
    const answer = await this.#host.call('history', { ...this.#ask(), before })
    if (asked !== this.#asked) return
    this.busy = false
    this.refused = answer.ok ? null : answer.error
    if (!answer.ok) return
    this.rows = [...(this.rows ?? []), ...answer.value.rows]
    this.next = answer.value.next
  }

  /** Something changed: the first page again, unless somebody has read on. */
  async changed(): Promise<void> {
    if ((this.rows?.length ?? 0) <= PAGE) await this.read()
  }
}
