/** How the shop stands, and what happened by day and month. */
import type { Host, Refusal } from '../ipc/call'
import type { FiguresRow, OverviewView } from '../ipc/wire'

/** A day of the chart; one on which nothing happened is there too. */
export interface Bar {
  date: string
  charged: number
  used: number
}

const DAY_MS = 86_400_000

/** Every day from `from` to `to`, with what happened on it. */
export function bars(from: string, to: string, days: FiguresRow[]): Bar[] {
  const of = new Map(days.map((row) => [row.date, row.figures]))
  const all: Bar[] = []
  const end = Date.parse(`${to}T00:00:00Z`)
  for (let at = Date.parse(`${from}T00:00:00Z`); at <= end; at += DAY_MS) {
    const date = new Date(at).toISOString().slice(0, 10)
    const figures = of.get(date)
    all.push({ date, charged: figures?.chargedWon ?? 0, used: figures?.used ?? 0 })
  }
  return all
}

/** What a full height stands for: the largest value, rounded up to one that is easily read. Never zero. */
export function ceiling(all: Bar[]): number {
  const most = Math.max(1, ...all.flatMap((bar) => [bar.charged, bar.used]))
  const step = 10 ** Math.floor(Math.log10(most))
  return Math.ceil(most / step) * step
}

/** Of those who charged, how many did so again, in whole percent; `null` where nobody charged. */
export const repeatPercent = (once: number, twice: number): number | null =>
  once === 0 ? null : Math.round((twice / once) * 100)

export class Overview {
  view = $state.raw<OverviewView | null>(null)
  refused = $state.raw<Refusal | null>(null)
  readonly #host: Host
  #busy = false
  #again = false

  constructor(host: Host) {
    this.#host = host
  }

  async read(): Promise<void> {
    // The book adds up for a moment: what changes meanwhile is read once, after it.
    this.#again = this.#busy
    if (this.#busy) return
    this.#busy = true
    do {
      this.#again = false
      const answer = await this.#host.call('overview', {})
      this.refused = answer.ok ? null : answer.error
      if (answer.ok) this.view = answer.value
    } while (this.#again)
    this.#busy = false
  }
}
