import { describe, expect, test } from 'vitest'

import type { ChargeState } from '../ipc/wire'
import { chargeView, FakeHost, no, ok } from '../testing'
import { faces, stepsOf } from './face'
import { Paying } from './paying.svelte'

describe('what a state offers', () => {
  test('where nobody knows, paying again is not offered in any way', () => {
    expect(faces.unknown).toMatchObject({ ended: false, reopens: false, another: false, tone: 'check' })
  })
  test('done, failed and being checked are three different things', () => {
    expect(new Set([faces.credited.tone, faces.failed.tone, faces.unknown.tone]).size).toBe(3)
  })
  test('another payment is offered only where PortOne said that nothing was paid', () => {
    const states = Object.entries(faces)
      .filter(([, face]) => face.another)
      .map(([state]) => state)
    expect(states).toEqual(['failed', 'voided'])
  })
})

describe('the steps', () => {
  const progress = (view: Parameters<typeof stepsOf>[0]) => stepsOf(view).map((step) => step.progress)
  const looked = { lookedUpAt: 2000 }

  test.each<[ChargeState, string[]]>([
    ['open', ['done', 'on', 'todo', 'todo']],
    ['unknown', ['done', 'done', 'on', 'todo']],
    ['awaiting_deposit', ['done', 'done', 'on', 'todo']],
    ['failed', ['done', 'done', 'stopped', 'todo']],
    ['voided', ['done', 'done', 'stopped', 'todo']],
    ['disputed', ['done', 'done', 'done', 'stopped']],
    ['credited', ['done', 'done', 'done', 'done']],
  ])('%s', (state, wanted) => expect(progress(chargeView({ state, ...looked }))).toEqual(wanted))

  test('a window that was closed is being checked', () => {
    const view = chargeView()
    view.steps = [...view.steps, { at: 1500, kind: 'hint', detail: 'closed' }]
    expect(progress(view)).toEqual(['done', 'done', 'on', 'todo'])
    expect(stepsOf(view)[1]?.at).toBe(1500)
  })

  test('a window that was opened again is open', () => {
    const view = chargeView()
    view.steps = [
      ...view.steps,
      { at: 1500, kind: 'hint', detail: 'closed' },
      { at: 1600, kind: 'window_opened', detail: null },
    ]
    expect(progress(view)).toEqual(['done', 'on', 'todo', 'todo'])
  })

  test('a step that was not reached has no time', () => {
    expect(stepsOf(chargeView({ lookedUpAt: 900 })).map((step) => step.at)).toEqual([1100, 1200, null, null])
  })
})

describe('the panel', () => {
  test('the window is opened again only after a fresh look-up, and under the same id', async () => {
    const host = new FakeHost({
      charge_settle: () => ok(chargeView()),
      charge_view: () => ok(chargeView()),
      charge_start: () => ok({ checkoutUrl: 'u', merchantUid: 'm', state: 'open' }),
    })
    const paying = new Paying(host, 'charge', chargeView())
    await Promise.all([paying.reopen(), paying.reopen()])
    expect(host.asked.map((one) => one.command)).toEqual(['charge_settle', 'charge_start', 'charge_view'])
    expect(host.of('charge_start')[0]?.chargeId).toBe('charge')
  })

  test.each<ChargeState>(['unknown', 'credited', 'disputed', 'awaiting_deposit'])(
    'the window stays shut when the look-up says %s',
    async (state) => {
      const host = new FakeHost({ charge_settle: () => ok(chargeView({ state })) })
      const paying = new Paying(host, 'charge', chargeView())
      await paying.reopen()
      expect(host.of('charge_start')).toEqual([])
      expect(paying.view?.state).toBe(state)
    },
  )

  test('the window stays shut when there is no answer', async () => {
    const host = new FakeHost({
      charge_settle: () => no('portone_unreachable'),
      charge_view: () => ok(chargeView()),
    })
    const paying = new Paying(host, 'charge', chargeView())
    await paying.reopen()
    expect(host.of('charge_start')).toEqual([])
    expect(paying.refused?.code).toBe('portone_unreachable')
  })

  test('an older read never replaces a newer look-up', async () => {
    let tell = () => {}
    const host = new FakeHost({
      charge_view: () => new Promise((answer) => (tell = () => answer(ok(chargeView({ state: 'open' }))))),
      charge_settle: () => ok(chargeView({ state: 'credited' })),
    })
    const paying = new Paying(host, 'charge')
    const reading = paying.read()
    await paying.recheck()
    tell()
    await reading
    expect(paying.view?.state).toBe('credited')
  })
})
