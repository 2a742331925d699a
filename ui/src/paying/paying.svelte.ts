/** One charge on screen, from its pay window to its end. What it says is always what was read last. */
import type { Host, Refusal } from '../ipc/call'
import type { ChargeView, Event, PayMethod } from '../ipc/wire'
import { answeredSince } from './asked'
import { faceOf } from './face'

/** Often enough that what the pay window answered is seen before anybody reaches for it again. The book is read, not PortOne. */
export const POLL_MS = 1000

const METHODS: ReadonlySet<string> = new Set<PayMethod>([
  'card',
  'trans',
  'vbank',
  'phone',
  'kakaopay',
  'naverpay',
  'tosspay',
  'payco',
  'samsungpay',
])
export const isMethod = (word: string): word is PayMethod => METHODS.has(word)

export class Paying {
  readonly chargeId: string
  view = $state.raw<ChargeView | null>(null)
  /** PortOne is being asked now. */
  looking = $state(false)
  reopening = $state(false)
  abandoning = $state(false)
  refused = $state.raw<Refusal | null>(null)

  /** When PortOne was asked last and did not answer. */
  silentAt = $state<number | null>(null)

  readonly #host: Host
  readonly #now: () => number
  #asked = 0

  constructor(host: Host, chargeId: string, view: ChargeView | null = null, now: () => number = Date.now) {
    this.#host = host
    this.#now = now
    this.chargeId = chargeId
    this.view = view
  }

  get busy(): boolean {
    return this.looking || this.reopening || this.abandoning
  }

  /** Rereads on events, and slowly by itself while the charge is not at an end. The answer stops it. */
  watch(onChange: (told: (event: Event) => void) => () => void): () => void {
    void this.read()
    const stop = onChange((event) => {
      if (event.kind !== 'charge' || event.chargeId === this.chargeId) void this.read()
    })
    const polling = setInterval(() => {
      if (!this.view || !faceOf(this.view).ended) void this.read()
    }, POLL_MS)
    return () => {
      stop()
      clearInterval(polling)
    }
  }

  async read(): Promise<void> {
    const asked = (this.#asked += 1)
    const answer = await this.#host.call('charge_view', { chargeId: this.chargeId })
    if (asked !== this.#asked) return
    if (answer.ok) this.view = answer.value
    else if (!this.view) this.refused = answer.error
  }

  /** Asks PortOne now. */
  async recheck(): Promise<ChargeView | null> {
    if (this.looking) return null
    this.looking = true
    this.refused = null
    this.silentAt = null
    const before = this.view
    const answer = await this.#host.call('charge_settle', { chargeId: this.chargeId })
    this.looking = false
    if (answer.ok && !answeredSince(before, answer.value)) this.silentAt = this.#now()
    return this.#take(answer.ok ? answer.value : answer.error)
  }

  /** Opens the pay window again, under the same id, and only after PortOne said that nothing was paid. */
  async reopen(): Promise<void> {
    if (this.busy) return
    this.reopening = true
    const view = await this.recheck()
    if (view && this.silentAt === null && faceOf(view).reopens && isMethod(view.method)) {
      const { chargeId, memberId, won, method } = view
      const answer = await this.#host.call('charge_start', {
        chargeId,
        memberId,
        won,
        method,
        repeatOk: true,
      })
      if (!answer.ok) this.refused = answer.error
      await this.read()
    }
    this.reopening = false
  }

  /** Gives it up: the window goes, but a payment that comes late is still credited. */
  async abandon(): Promise<boolean> {
    if (this.busy) return false
    this.abandoning = true
    this.refused = null
    const answer = await this.#host.call('charge_abandon', { chargeId: this.chargeId })
    this.abandoning = false
    return this.#take(answer.ok ? answer.value : answer.error) !== null
  }

  #take(said: ChargeView | Refusal): ChargeView | null {
    if ('code' in said) {
      this.refused = said
      void this.read()
      return null
    }
    // A slower read that was asked before is older than this.
    this.#asked += 1
    this.view = said
    return said
  }
}
