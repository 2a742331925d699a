/**
 * A UUIDv7 (RFC 9562, 5.7): ordered by time, so that the book's indexes grow at one end. Only the order is taken from this
 * PC's clock; nothing reads a time out of it.
 */
export function newId(now: number = Date.now()): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16))
  for (let place = 5, rest = now; place >= 0; place -= 1) {
    bytes[place] = rest % 256
    rest = Math.floor(rest / 256)
  }
  bytes[6] = (bytes[6]! & 0x0f) | 0x70
  bytes[8] = (bytes[8]! & 0x3f) | 0x80
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-')
}

/**
 * The name of one thing that somebody wants done. It is made once and kept until the thing is answered, so that
 * pressing twice, or again after an error, asks for the same thing and never for a second one.
 */
export class Intent {
  readonly #make: () => string
  #id: string | null = null
  #content = ''

  constructor(make: () => string = () => newId()) {
    this.#make = make
  }

  /** The id for `content`: the same until it was answered or the content is another. */
  idFor(content: unknown): string {
    const text = JSON.stringify(content)
    if (this.#id === null || text !== this.#content) {
      this.#id = this.#make()
      this.#content = text
    }
    return this.#id
  }

  /** It was done: the next time is another intent. */
  answered(): void {
    this.#id = null
  }
}
