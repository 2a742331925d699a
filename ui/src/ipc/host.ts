import type { Host } from './call'
import { HttpHost } from './http'
import { TauriHost } from './tauri'

/** The shell where there is one, otherwise whoever serves this page. */
export function host(): Host {
  return '__TAURI_INTERNALS__' in window ? new TauriHost() : new HttpHost()
}
