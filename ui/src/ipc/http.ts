/** devhost: the same commands over loopback HTTP, events as server-sent events. */
import { broken, read, type Answer, type Ask, type CommandName, type Host, type Reply } from './call'
import type { Event } from './wire'

export class HttpHost implements Host {
  readonly #origin: string

  constructor(origin = '') {
    this.#origin = origin
  }

  async call<K extends CommandName>(command: K, ask: Ask<K>): Promise<Answer<Reply<K>>> {
    try {
      const response = await fetch(`${this.#origin}/rpc/${command}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(ask),
      })
      return read<Reply<K>>(await response.json())
    } catch (cause) {
      return { ok: false, error: broken(cause) }
    }
  }

  listen(told: (event: Event) => void): () => void {
    const source = new EventSource(`${this.#origin}/events`)
    // A wire that was cut has lost events: the frame rereads when it is back.
    let cut = false
    source.onerror = () => (cut = true)
    source.onopen = () => {
      if (cut) told({ kind: 'state' })
      cut = false
    }
    source.onmessage = (message: MessageEvent<string>) => told(JSON.parse(message.data) as Event)
    return () => source.close()
  }
}
