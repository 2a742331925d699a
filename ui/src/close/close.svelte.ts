/** The day's close: count the drawer, see what differs, close and print. */
import type { Answer, Host, Refusal } from '../ipc/call'
import type { CloseView, DifferenceView } from '../ipc/wire'
import { Intent } from '../kit/intent'

export type Busy = 'count' | 'compare' | 'finish' | 'file'
export type Step = 'count' | 'differences' | 'closed'

/** The bytes of a file as the wire takes them. */
export function base64(bytes: Uint8Array): string {
  let text = ''
  // In pieces: a call takes so many arguments and no more.
  for (let at = 0; at < bytes.length; at += 0x8000)
    text += String.fromCharCode(...bytes.subarray(at, at + 0x8000))
  return btoa(text)
}

export class Close {
  view = $state.raw<CloseView | null>(null)
  refused = $state.raw<Refusal | null>(null)
  busy = $state<Busy | null>(null)
  /** Somebody counts again though the day was counted. */
  recounting = $state(false)
  counted = $state<number | null>(null)
  change = $state<number | null>(null)
  /** The charge that PortOne is asked about now. */
  settling = $state<string | null>(null)

  readonly #host: Host
  readonly #intents: Record<Busy, Intent>

  constructor(host: Host, make?: () => string) {
    this.#host = host
    this.#intents = {
      count: new Intent(make),
      compare: new Intent(make),
      finish: new Intent(make),
      file: new Intent(make),
    }
  }

  get step(): Step {
    if (this.view?.closed) return 'closed'
    return this.view?.figures && !this.recounting ? 'differences' : 'count'
  }

  /** Whether somebody has asked PortOne and the day was found the same, not less. */
  get isSame(): boolean {
    return this.view?.figures?.comparison?.differences.length === 0
  }

  async read(date?: string): Promise<void> {
    this.#take(await this.#host.call('close_view', date === undefined ? {} : { date }))
  }

  /** Another day on the screen: what was typed belonged to the last one. */
  async open(date: string): Promise<void> {
    if (this.busy !== null) return
    this.recounting = false
    this.counted = null
    await this.read(date)
  }

  /** Something changed elsewhere; the day stays the one on the screen. */
  async changed(): Promise<void> {
    if (this.busy === null) await this.read(this.view?.businessDate)
  }

  #take(answer: Answer<CloseView>): boolean {
    this.refused = answer.ok ? null : answer.error
    if (!answer.ok) return false
    // The money for change is mostly yesterday's.
    this.change ??= answer.value.changeWon
    this.view = answer.value
    return true
  }

  async #do(what: Busy, content: unknown, ask: (requestId: string) => Promise<Answer<CloseView>>) {
    if (this.busy !== null) return false
    this.busy = what
    const answer = await ask(this.#intents[what].idFor(content))
    this.busy = null
    if (answer.ok) this.#intents[what].answered()
    return this.#take(answer)
  }

  /** Writes the count down, and then asks PortOne. */
  async count(): Promise<void> {
    const date = this.view?.businessDate
    const [countedWon, changeWon] = [this.counted, this.change ?? 0]
    if (date === undefined || countedWon === null || Number.isNaN(countedWon) || Number.isNaN(changeWon))
      return
    const content = { date, countedWon, changeWon }
    const done = await this.#do('count', content, (requestId) =>
      this.#host.call('close_count', { requestId, ...content }),
    )
    if (!done) return
    this.recounting = false
    this.counted = null
    await this.compare()
  }

  async compare(): Promise<void> {
    const date = this.view?.businessDate
    if (date === undefined) return
    await this.#do('compare', date, (requestId) => this.#host.call('close_compare', { requestId, date }))
  }

  async finish(): Promise<void> {
    const date = this.view?.businessDate
    if (date === undefined) return
    await this.#do('finish', date, (requestId) => this.#host.call('close_finish', { requestId, date }))
  }

  async file(name: string, bytes: Uint8Array): Promise<void> {
    const date = this.view?.businessDate
    if (date === undefined) return
    const ask = { date, name, content: base64(bytes) }
    await this.#do('file', ask, (requestId) => this.#host.call('close_file', { requestId, ...ask }))
  }

  /** Asks PortOne about one charge, and compares again. */
  async settle(difference: DifferenceView): Promise<void> {
    const { chargeId } = difference
    if (chargeId === null || this.settling !== null) return
    this.settling = chargeId
    const answer = await this.#host.call('charge_settle', { chargeId })
    this.settling = null
    if (answer.ok) await this.compare()
    else this.refused = answer.error
  }
}
