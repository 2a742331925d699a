/** Using points: what would happen is shown first, and only what was shown is done. */
import type { Host, Refusal } from '../ipc/call'
import { errorKo } from '../ipc/errors'
import type { SpendPreview, Spent } from '../ipc/wire'
import { Intent } from '../kit/intent'
import { number, overlong, typedAmount } from '../text/format'

export class UseDesk {
  text = $state('')
  preview = $state.raw<SpendPreview | null>(null)
  /** The amount that `preview` is about. */
  shown = $state<number | null>(null)
  busy = $state(false)
  refused = $state.raw<Refusal | null>(null)
  /** What was just done, until the next amount is typed. */
  done = $state.raw<(Spent & { points: number }) | null>(null)

  readonly #host: Host
  readonly #intent: Intent
  #asked = 0

  constructor(host: Host, intent = new Intent()) {
    this.#host = host
    this.#intent = intent
  }

  get points(): number | null {
    return typedAmount(this.text)
  }
  /** What the box holds: the sum with its separators, or what was typed where that is no sum. */
  get boxText(): string {
    const { points } = this
    if (points === null) return ''
    return Number.isNaN(points) ? this.text : number(points)
  }
  /** What stands in the box is what is shown. */
  get ready(): boolean {
    return this.preview !== null && this.shown !== null && this.shown === this.points && !this.busy
  }

  reset(): void {
    this.text = ''
    this.done = null
    this.#forget()
  }

  #forget(): void {
    this.#asked += 1
    this.preview = null
    this.shown = null
    this.refused = null
  }

  async type(memberId: number, text: string): Promise<void> {
    if (this.busy || overlong(text)) return
    this.text = text
    const points = this.points
    if (points === null || points === 0) {
      this.#forget()
      return
    }
    this.done = null
    if (Number.isNaN(points)) {
      this.#forget()
      this.refused = { code: 'bad_amount', message: errorKo.bad_amount }
      return
    }
    const asked = (this.#asked += 1)
    const answer = await this.#host.call('spend_preview', { memberId, points })
    if (asked !== this.#asked) return
    this.shown = points
    this.preview = answer.ok ? answer.value : null
    this.refused = answer.ok ? null : answer.error
  }

  /** Uses the points that are shown. `true` when they are used. */
  async go(memberId: number): Promise<boolean> {
    const points = this.shown
    if (!this.ready || points === null) return false
    const useId = this.#intent.idFor({ memberId, points })
    this.busy = true
    this.refused = null
    const answer = await this.#host.call('spend', { useId, memberId, points })
    this.busy = false
    if (!answer.ok) {
      this.refused = answer.error
      return false
    }
    this.#intent.answered()
    this.text = ''
    this.#forget()
    this.done = { ...answer.value, points }
    return true
  }
}
