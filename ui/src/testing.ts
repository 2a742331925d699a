/** A host for tests: answers what it is told to, and remembers what it was asked. */
import type { Answer, Ask, CommandName, Host, Reply } from './ipc/call'
import { errorKo, type ErrorCode } from './ipc/errors'
import type { AppState, ChargeView, Event } from './ipc/wire'

type Answers = { [K in CommandName]?: (ask: Ask<K>) => Answer<Reply<K>> | Promise<Answer<Reply<K>>> }

export const ok = <T>(value: T): Answer<T> => ({ ok: true, value })
export const no = (
  code: ErrorCode,
  detail?: unknown,
): { ok: false; error: { code: ErrorCode; message: string; detail?: unknown } } => ({
  ok: false,
  error: { code, message: errorKo[code], detail },
})

export class FakeHost implements Host {
  readonly asked: { command: CommandName; ask: unknown }[] = []
  answers: Answers
  told: ((event: Event) => void) | null = null

  constructor(answers: Answers = {}) {
    this.answers = answers
  }

  async call<K extends CommandName>(command: K, ask: Ask<K>): Promise<Answer<Reply<K>>> {
    this.asked.push({ command, ask })
    const answer = this.answers[command]
    return answer ? await answer(ask) : no('unknown_command')
  }

  listen(told: (event: Event) => void): () => void {
    this.told = told
    return () => (this.told = null)
  }

  /** What `command` was asked, in order. */
  of<K extends CommandName>(command: K): Ask<K>[] {
    return this.asked.filter((one) => one.command === command).map((one) => one.ask as Ask<K>)
  }
}

/** Ids that tell which they are: `id-1`, `id-2` … */
export function counting(): () => string {
  let made = 0
  return () => `id-${(made += 1)}`
}

export const appState = (over: Partial<AppState> = {}): AppState => ({
  mode: 'test',
  shopName: '도토리 커피',
  door: 'unclaimed',
  staff: { id: 1, name: '민지', role: 'clerk' },
  book: 'ok',
  connection: 'connected',
  waiting: 0,
  liveWaiting: 0,
  minWon: 100,
  maxWon: 1_000_000,
  mostWon: 1_000_000,
  presets: [10_000, 30_000, 50_000].map((won) => ({
    won,
    bonus: 0,
    points: won,
    bonusExpiresAt: null,
    paidExpiresAt: null,
    first: false,
  })),
  backup: 'none',
  restorePending: false,
  orphans: 0,
  methods: ['card', 'kakaopay'],
  modes: ['test', 'practice'],
  channelName: null,
  pgProvider: 'html5_inicis',
  ...over,
})

export const chargeView = (over: Partial<ChargeView> = {}): ChargeView => ({
  chargeId: 'charge',
  memberId: 1,
  memberName: '김서연',
  phoneMasked: '010-••••-4821',
  won: 10_000,
  bonus: 0,
  points: 10_000,
  method: 'card',
  merchantUid: 'order',
  pgProvider: 'html5_inicis',
  state: 'open',
  reason: null,
  reasonText: null,
  startedAt: 1000,
  lookedUpAt: null,
  creditedAt: null,
  transactionId: null,
  payment: null,
  deposit: null,
  abandoned: false,
  late: false,
  checkoutUrl: 'http://127.0.0.1/pay/x',
  balanceBefore: null,
  balanceAfter: null,
  disputes: [],
  steps: [
    { at: 1000, kind: 'opened', detail: null },
    { at: 1100, kind: 'announced', detail: null },
    { at: 1200, kind: 'window_opened', detail: null },
  ],
  ...over,
})
