/** How a charge looks and what may be done with it. 완료, 실패 and 확인 중 are three different things. */
import type { ChargeState, ChargeView, DisputeView, StepView } from '../ipc/wire'

export type Tone = 'wait' | 'check' | 'done' | 'fail' | 'quiet'

/** The book's state, told apart where the clerk has to do something else. */
export type Look =
  | Exclude<ChargeState, 'open'>
  /** The pay window is open. */
  | 'waiting'
  /** The window told something or was closed, and PortOne was not heard since: nobody knows. */
  | 'pending'
  /** PortOne was heard since, and nothing is paid. */
  | 'unpaid'
  | 'given_up'
  /** Credited, and somebody has to see to another payment of the same order. */
  | 'credited_disputed'
  /** Credited, and the money was given back elsewhere. */
  | 'cancelled_outside'

export interface Face {
  /** The word and the sign that stand for it. */
  mark: ChargeState
  tone: Tone
  /** Nothing more is expected to happen. */
  ended: boolean
  /** The pay window may be opened again, after a fresh look-up. */
  reopens: boolean
  /** A new charge is a sensible next thing. */
  another: boolean
  /** The clerk may give it up. */
  abandons: boolean
}

const shut = { ended: true, reopens: false, another: false, abandons: false }
const running = { ended: false, reopens: false, another: false, abandons: true }

export const faces: Record<Look, Face> = {
  waiting: { mark: 'open', tone: 'wait', ...running, reopens: true },
  unpaid: { mark: 'open', tone: 'wait', ...running, reopens: true },
  given_up: { mark: 'open', tone: 'wait', ...running, abandons: false },
  awaiting_deposit: { mark: 'awaiting_deposit', tone: 'wait', ...running },
  // Nobody knows: paying again could take the money twice.
  pending: { mark: 'unknown', tone: 'check', ...running },
  unknown: { mark: 'unknown', tone: 'check', ...running },
  failed: { mark: 'failed', tone: 'fail', ...shut, reopens: true, another: true },
  voided: { mark: 'voided', tone: 'quiet', ...shut, another: true },
  disputed: { mark: 'disputed', tone: 'fail', ...shut },
  credited_disputed: { mark: 'disputed', tone: 'fail', ...shut },
  cancelled_outside: { mark: 'disputed', tone: 'fail', ...shut },
  credited: { mark: 'credited', tone: 'done', ...shut },
}

export function lookOf(view: ChargeView): Look {
  if (view.disputes.length > 0) {
    if (view.state !== 'credited') return 'disputed'
    return view.disputes.some((dispute) => dispute.reason === 'cancelled_outside')
      ? 'cancelled_outside'
      : 'credited_disputed'
  }
  if (view.state !== 'open' && view.state !== 'failed' && view.state !== 'voided') return view.state
  const hint = windowAnswered(view)
  if (hint && isNews(view, hint)) return 'pending'
  if (view.state !== 'open') {
    // What ended was the attempt before: another card may be paying in this window now.
    const opened = last(view.steps, 'window_opened')
    return opened && isNews(view, opened) ? 'waiting' : view.state
  }
  if (view.abandoned) return 'given_up'
  return hint ? 'unpaid' : 'waiting'
}

export const faceOf = (view: ChargeView): Face => faces[lookOf(view)]

/** A disputed payment of these kinds took the customer's money: PortOne calls it paid, and this is its sum. */
const TOOK_MONEY = new Set([
  'payment_used',
  'amount_mismatch',
  'channel_mismatch',
  'paid_time_missing',
  'paid_time_outside',
  'second_payment',
])
export const tookMoney = (dispute: DisputeView): boolean =>
  dispute.won !== null && TOOK_MONEY.has(dispute.reason)

export type StepName = 'announced' | 'window' | 'check' | 'credit'
export type Progress = 'done' | 'on' | 'todo' | 'stopped'
export interface Step {
  name: StepName
  progress: Progress
  at: number | null
}

const last = (steps: readonly StepView[], ...kinds: string[]): StepView | null =>
  steps.findLast((step) => kinds.includes(step.kind)) ?? null

/** The pay window told something, or was closed, after it was opened the last time. */
export function windowAnswered(view: ChargeView): StepView | null {
  const opened = last(view.steps, 'window_opened')
  const hint = last(view.steps, 'hint')
  return hint && (!opened || hint.at >= opened.at) ? hint : null
}

/** PortOne was not heard since: what it said before says nothing about this. */
const isNews = (view: ChargeView, step: StepView): boolean =>
  view.lookedUpAt === null || view.lookedUpAt < step.at

/** The four steps with their times. */
export function stepsOf(view: ChargeView): Step[] {
  const look = lookOf(view)
  const announced = last(view.steps, 'announced')
  const opened = last(view.steps, 'window_opened')
  const hint = windowAnswered(view)
  const at = stand(view, look, opened !== null)
  const stopped = stops(look, hint)
  const times: [StepName, number | null][] = [
    ['announced', announced?.at ?? (at > 0 ? view.startedAt : null)],
    ['window', hint?.at ?? opened?.at ?? null],
    ['check', view.lookedUpAt],
    ['credit', view.creditedAt],
  ]
  return times.map(([name, time], index) => ({
    name,
    at: index <= at ? time : null,
    progress: stopped.has(name) ? 'stopped' : index < at ? 'done' : index > at ? 'todo' : 'on',
  }))
}

/** The step that a charge stands at, from 0; 4 when all are done. */
function stand(view: ChargeView, look: Look, opened: boolean): number {
  switch (look) {
    case 'credited':
    case 'credited_disputed':
    case 'cancelled_outside':
      return 4
    case 'disputed':
      return 3
    case 'failed':
    case 'voided':
    case 'unknown':
    case 'pending':
    case 'unpaid':
    case 'given_up':
    case 'awaiting_deposit':
      return 2
    case 'waiting':
      return opened || view.checkoutUrl !== null ? 1 : 0
  }
}

/** The steps at which it came to nothing. */
function stops(look: Look, hint: StepView | null): Set<StepName> {
  switch (look) {
    case 'failed':
    case 'voided':
    case 'cancelled_outside':
      return new Set(['check'])
    case 'disputed':
      return new Set(['credit'])
    case 'waiting':
    case 'pending':
    case 'unpaid':
    case 'given_up':
    case 'unknown':
      return new Set(hint?.detail === 'sdk_failed' ? ['window'] : [])
    case 'awaiting_deposit':
    case 'credited':
    case 'credited_disputed':
      return new Set()
  }
}
