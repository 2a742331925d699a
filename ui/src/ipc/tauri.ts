/** The desktop shell: one command, one event. */
import { invoke } from '@tauri-apps/api/core'
import { listen } from '@tauri-apps/api/event'

import { broken, read, type Answer, type Ask, type CommandName, type Host, type Reply } from './call'
import type { Event } from './wire'

export class TauriHost implements Host {
  async call<K extends CommandName>(command: K, ask: Ask<K>): Promise<Answer<Reply<K>>> {
    try {
      return read<Reply<K>>(await invoke<unknown>('rpc', { command, body: ask }))
    } catch (cause) {
      return { ok: false, error: broken(cause) }
    }
  }

  listen(told: (event: Event) => void): () => void {
    const stop = listen<Event>('changed', (event) => told(event.payload))
    return () => void stop.then((stop) => stop())
  }
}
