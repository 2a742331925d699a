/** The one way from the screens to the counter. A refusal is a value, never an exception. */
import type { Commands } from './commands'
import { errorKo, type ErrorCode } from './errors'
import type { Event } from './wire'

export type CommandName = keyof Commands
export type Ask<K extends CommandName> = Commands[K]['ask']
export type Reply<K extends CommandName> = Commands[K]['answer']

/** Why a command did nothing. `detail` is for the screen: another charge, a balance, PortOne's words. */
export interface Refusal {
  code: ErrorCode
  message: string
  detail?: unknown
}
export type Answer<T> = { ok: true; value: T } | { ok: false; error: Refusal }

/** Whoever carries out commands: the desktop shell, or devhost over HTTP. */
export interface Host {
  call<K extends CommandName>(command: K, ask: Ask<K>): Promise<Answer<Reply<K>>>
  /** Tells `told` of every change; the answer stops it. */
  listen(told: (event: Event) => void): () => void
}

/** What a broken wire means. Nobody knows whether the command was carried out, so its id is kept for the retry. */
export function broken(cause: unknown): Refusal {
  return { code: 'internal', message: errorKo.internal, detail: { said: String(cause) } }
}

/** Reads what a host sent back; anything else than the agreed shape is a broken wire. */
export function read<T>(raw: unknown): Answer<T> {
  if (typeof raw === 'object' && raw !== null && 'ok' in raw) {
    if (raw.ok === true && 'value' in raw) return { ok: true, value: raw.value as T }
    if (raw.ok === false && 'error' in raw) {
      const error = raw.error as Partial<Refusal> | null
      if (error && typeof error.code === 'string' && typeof error.message === 'string') {
        return { ok: false, error: error as Refusal }
      }
    }
  }
  return { ok: false, error: broken('an answer of another shape') }
}
