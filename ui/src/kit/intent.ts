/**
 * The name of one thing that somebody wants done. It is made once and kept until the thing is answered, so that
 * pressing twice, or again after an error, asks for the same thing and never for a second one.
 */
export class Intent {
  readonly #make: () => string
  #id: string | null = null
  #content = ''

  constructor(make: () => string = () => crypto.randomUUID()) {
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
