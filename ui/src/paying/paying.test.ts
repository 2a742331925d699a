import { describe, expect, test } from 'vitest'

import type { ChargeState, ChargeView } from '../ipc/wire'
import { chargeView, FakeHost, no, ok } from '../testing'
import { faceOf, faces, lookOf, stepsOf, tookMoney, type Look } from './face'
import { Paying } from './paying.svelte'

describe('what a state offers', () => {
  test('where nobody knows, paying again is not offered in any way', () => {
    expect(faces.unknown).toMatchObject({ ended: false, reopens: false, another: false, tone: 'check' })
  })
  test('done, failed and being checked are three different things', () => {
    expect(new Set([faces.credited.tone, faces.failed.tone, faces.unknown.tone]).size).toBe(3)
  })
  test('another payment is offered only where PortOne said that nothing was paid', () => {
    const looks = Object.entries(faces)
      .filter(([, face]) => face.another)
      .map(([look]) => look)
    expect(looks).toEqual(['failed', 'voided'])
  })
  test('between the window’s answer and PortOne’s the window cannot be opened again', () => {
    expect(faces.pending).toMatchObject({ mark: 'unknown', tone: 'check', reopens: false, another: false })
  })
  test('a charge with a payment to see to never looks done', () => {
    const marks = [faces.disputed, faces.credited_disputed, faces.cancelled_outside].map((face) => face.mark)
    expect(new Set(marks)).toEqual(new Set(['disputed']))
  })
})

describe('how a charge looks', () => {
  const hinted = (detail: string, over: Partial<ChargeView> = {}): ChargeView => {
    const view = chargeView(over)
    return { ...view, steps: [...view.steps, { at: 1500, kind: 'hint', detail }] }
  }
  const dispute = (reason: string) => ({ impUid: 'imp', won: 10_000, reason, foundAt: 1 })

  test.each<[string, ChargeView, Look]>([
    ['whose window is open', chargeView(), 'waiting'],
    ['whose window was opened and looked at before it answered', chargeView({ lookedUpAt: 1400 }), 'waiting'],
    ['whose window answered', hinted('callback'), 'pending'],
    ['whose window answered after the last look', hinted('redirect', { lookedUpAt: 1400 }), 'pending'],
    ['whose window was closed', hinted('window_closed', { lookedUpAt: 1400 }), 'pending'],
    ['that was looked up after the window answered', hinted('callback', { lookedUpAt: 1600 }), 'unpaid'],
    ['that was given up', hinted('callback', { lookedUpAt: 1600, abandoned: true }), 'given_up'],
    ['that was given up and not looked up since', hinted('callback', { abandoned: true }), 'pending'],
    ['about which nobody knows', chargeView({ state: 'unknown', abandoned: true }), 'unknown'],
    ['credited', chargeView({ state: 'credited' }), 'credited'],
    [
      'paid twice',
      chargeView({ state: 'credited', disputes: [dispute('second_payment')] }),
      'credited_disputed',
    ],
    [
      'cancelled elsewhere',
      chargeView({ state: 'credited', disputes: [dispute('cancelled_outside')] }),
      'cancelled_outside',
    ],
    // Another card in the same window, or the window opened again: the decline was before.
    [
      'that failed before the window answered anew',
      hinted('callback', { state: 'failed', lookedUpAt: 1400 }),
      'pending',
    ],
    [
      'that failed and was asked about since',
      hinted('callback', { state: 'failed', lookedUpAt: 1600 }),
      'failed',
    ],
    [
      'that failed before its window was opened again',
      chargeView({ state: 'failed', lookedUpAt: 1150 }),
      'waiting',
    ],
    ['that failed in its window', chargeView({ state: 'failed', lookedUpAt: 1300 }), 'failed'],
    ['open with a disputed payment', chargeView({ disputes: [dispute('amount_mismatch')] }), 'disputed'],
  ])('one %s', (_, view, look) => expect(lookOf(view)).toBe(look))

  test('a window that could not be loaded is no step that was done', () => {
    const view = hinted('sdk_failed', { lookedUpAt: 1600 })
    expect(stepsOf(view).map((step) => step.progress)).toEqual(['done', 'stopped', 'on', 'todo'])
    expect(faceOf(view).reopens).toBe(true)
  })

  test('money that was given back elsewhere is no proof any more', () => {
    const view = chargeView({ state: 'credited', disputes: [dispute('cancelled_outside')] })
    expect(stepsOf(view).map((step) => step.progress)).toEqual(['done', 'done', 'stopped', 'done'])
  })

  test('only where PortOne named what was paid is it said that money was taken', () => {
    expect(tookMoney(dispute('amount_mismatch'))).toBe(true)
    expect(tookMoney({ ...dispute('amount_mismatch'), won: null })).toBe(false)
    expect(tookMoney(dispute('sandbox_mismatch'))).toBe(false)
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
      charge_settle: () => ok(chargeView({ lookedUpAt: 2000 })),
      charge_view: () => ok(chargeView()),
      charge_start: () => ok({ checkoutUrl: 'u', merchantUid: 'm', state: 'open', debt: 0 }),
    })
    const paying = new Paying(host, 'charge', chargeView())
    await Promise.all([paying.reopen(), paying.reopen()])
    expect(host.asked.map((one) => one.command)).toEqual(['charge_settle', 'charge_start', 'charge_view'])
    expect(host.of('charge_start')[0]?.chargeId).toBe('charge')
  })

  test.each<ChargeState>(['unknown', 'credited', 'disputed', 'awaiting_deposit'])(
    'the window stays shut when the look-up says %s',
    async (state) => {
      const host = new FakeHost({ charge_settle: () => ok(chargeView({ state, lookedUpAt: 2000 })) })
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

  test('a look-up to which PortOne was silent says so, and opens no window', async () => {
    const failed = chargeView({ state: 'failed', lookedUpAt: 2000 })
    const host = new FakeHost({ charge_settle: () => ok(failed), charge_view: () => ok(failed) })
    const paying = new Paying(host, 'charge', failed, () => 9000)
    await paying.recheck()
    expect(paying.silentAt).toBe(9000)
    await paying.reopen()
    expect(host.of('charge_start')).toEqual([])
    host.answers.charge_settle = () => ok({ ...failed, lookedUpAt: 3000 })
    await paying.recheck()
    expect(paying.silentAt).toBe(null)
  })
})
