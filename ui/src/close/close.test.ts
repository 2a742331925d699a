import { expect, test } from 'vitest'

import type { CloseView, DifferenceView } from '../ipc/wire'
import { counting, FakeHost, no, ok } from '../testing'
import { base64, Close } from './close.svelte'

const figures = (
  over: Partial<NonNullable<CloseView['figures']>> = {},
): NonNullable<CloseView['figures']> => ({
  expectedWon: 50_000,
  cashDifferenceWon: 0,
  sums: { kinds: [], accounts: [] },
  openCharges: 0,
  comparison: null,
  file: null,
  changes: [],
  ...over,
})
const view = (over: Partial<CloseView> = {}): CloseView => ({
  businessDate: '2026-11-23',
  today: '2026-11-23',
  otherDays: [],
  changeWon: 50_000,
  counts: [],
  figures: null,
  closed: null,
  unanswered: null,
  earlier: [],
  ...over,
})

test('the drawer is counted first, and only then is anything compared', async () => {
  const host = new FakeHost({
    close_view: () => ok(view()),
    close_count: () => ok(view({ figures: figures() })),
    close_compare: () => ok(view({ figures: figures(), unanswered: 'portone_unreachable' })),
  })
  const close = new Close(host, counting())
  await close.read()
  expect([close.step, close.change]).toEqual(['count', 50_000])
  for (const nothing of [null, Number.NaN]) {
    close.counted = nothing
    await close.count()
  }
  expect(host.of('close_count')).toEqual([])
  close.counted = 51_000
  await close.count()
  expect(host.of('close_count')).toEqual([
    { requestId: 'id-1', date: '2026-11-23', countedWon: 51_000, changeWon: 50_000 },
  ])
  expect(host.of('close_compare').length).toBe(1)
  expect([close.step, close.view?.unanswered]).toEqual(['differences', 'portone_unreachable'])
  close.recounting = true
  expect(close.step).toBe('count')
})

test('a close that was not answered is asked for again under the same name, and twice at once never', async () => {
  let answers = 0
  const host = new FakeHost({
    close_view: () => ok(view({ figures: figures() })),
    close_finish: () => ((answers += 1) === 1 ? no('internal') : ok(view({ figures: figures() }))),
  })
  const close = new Close(host, counting())
  await close.read()
  await Promise.all([close.finish(), close.finish()])
  expect(close.refused?.code).toBe('internal')
  await close.finish()
  expect(host.of('close_finish').map((ask) => ask.requestId)).toEqual(['id-1', 'id-1'])
  expect(close.refused).toBe(null)
})

test('a difference that is settled is compared again', async () => {
  const difference = { chargeId: 'c-1', action: 'settle' } as DifferenceView
  const host = new FakeHost({
    close_view: () => ok(view({ figures: figures() })),
    charge_settle: () => ok({} as never),
    close_compare: () => ok(view({ figures: figures() })),
  })
  const close = new Close(host, counting())
  await close.read()
  await close.settle(difference)
  expect(host.asked.map(({ command }) => command)).toEqual(['close_view', 'charge_settle', 'close_compare'])
})

test('no comparison is never shown as no difference', async () => {
  const comparison = {
    at: 1,
    from: 0,
    to: 1,
    book: { count: 0, won: 0 },
    other: { count: 0, won: 0 },
    foreign: { count: 0, won: 0 },
    differenceWon: 0,
    differences: [],
  }
  let now = view({ figures: figures() })
  const close = new Close(new FakeHost({ close_view: () => ok(now) }), counting())
  await close.read()
  expect(close.isSame).toBe(false)
  now = view({ figures: figures({ comparison }) })
  await close.read()
  expect(close.isSame).toBe(true)
})

test('a file crosses the wire byte by byte, however long it is', () => {
  const bytes = Uint8Array.from({ length: 100_000 }, (_, at) => at % 256)
  expect(base64(bytes)).toBe(Buffer.from(bytes).toString('base64'))
})
