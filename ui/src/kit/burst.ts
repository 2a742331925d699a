/**
 * Tells a scanner that plays a keyboard from fingers: it types less than 50 ms apart, and ends with an Enter that nobody
 * meant. Times are given in, so that a test can choose them.
 */
export const BURST_MS = 50

export class Burst {
  #last = Number.NEGATIVE_INFINITY
  #run = 0

  /** A character was typed. */
  typed(at: number): void {
    this.#run = at - this.#last < BURST_MS ? this.#run + 1 : 1
    this.#last = at
  }

  /** Whether an Enter at `at` belongs to what was typed just now; such an Enter confirms nothing. */
  swallowsEnter(at: number): boolean {
    return at - this.#last < BURST_MS
  }

  /** How many characters came without a pause. */
  get run(): number {
    return this.#run
  }
}

/** What a digit that was typed outside every field turns out to be. */
export type Held = { kind: 'key'; digit: string } | { kind: 'scan'; text: string }

/** Holds digits for 50 ms: one alone was a finger on a key, several were a scanner. */
export class HeldDigits {
  readonly #told: (held: Held) => void
  #text = ''
  #timer: ReturnType<typeof setTimeout> | undefined

  constructor(told: (held: Held) => void) {
    this.#told = told
  }

  digit(digit: string): void {
    this.#text += digit
    clearTimeout(this.#timer)
    this.#timer = setTimeout(() => {
      const text = this.#text
      this.#text = ''
      this.#told(text.length === 1 ? { kind: 'key', digit: text } : { kind: 'scan', text })
    }, BURST_MS)
  }

  stop(): void {
    clearTimeout(this.#timer)
    this.#text = ''
  }
}
