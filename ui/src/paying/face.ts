/** What a charge's state is called and what may be done in it. 완료, 실패 and 확인 중 are three different things. */
import type { ChargeState, ChargeView, StepView } from '../ipc/wire'

export type Tone = 'wait' | 'check' | 'done' | 'fail' | 'quiet'

export interface Face {
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

export const faces: Record<ChargeState, Face> = {
  open: { tone: 'wait', ended: false, reopens: true, another: false, abandons: true },
  awaiting_deposit: { tone: 'wait', ended: false, reopens: false, another: false, abandons: true },
  // Nobody knows: paying again could take the money twice.
  unknown: { tone: 'check', ended: false, reopens: false, another: false, abandons: true },
  failed: { tone: 'fail', ended: true, reopens: true, another: true, abandons: false },
  voided: { tone: 'quiet', ended: true, reopens: false, another: true, abandons: false },
  disputed: { tone: 'fail', ended: true, reopens: false, another: false, abandons: false },
  credited: { tone: 'done', ended: true, reopens: false, another: false, abandons: false },
}

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

/** The four steps with their times. */
export function stepsOf(view: ChargeView): Step[] {
  const announced = last(view.steps, 'announced')
  const opened = last(view.steps, 'window_opened')
  const hint = windowAnswered(view)
  const at = stand(view, opened !== null, hint !== null)
  const times: [StepName, number | null][] = [
    ['announced', announced?.at ?? (at > 0 ? view.startedAt : null)],
    ['window', hint?.at ?? opened?.at ?? null],
    ['check', view.lookedUpAt],
    ['credit', view.creditedAt],
  ]
  return times.map(([name, time], index) => ({
    name,
    at: index <= at ? time : null,
    progress: progress(view, index, at),
  }))
}

/** The step that a charge stands at, from 0; 4 when all are done. */
function stand(view: ChargeView, opened: boolean, hinted: boolean): number {
  switch (view.state) {
    case 'credited':
      return 4
    case 'disputed':
      return 3
    case 'failed':
    case 'voided':
    case 'unknown':
    case 'awaiting_deposit':
      return 2
    case 'open':
      if (view.abandoned || hinted) return 2
      return opened || view.checkoutUrl !== null ? 1 : 0
  }
}

function progress(view: ChargeView, index: number, at: number): Progress {
  if (index < at) return 'done'
  if (index > at) return 'todo'
  return view.state === 'failed' || view.state === 'voided' || view.state === 'disputed' ? 'stopped' : 'on'
}
