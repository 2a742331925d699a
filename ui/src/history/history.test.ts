import { expect, test } from 'vitest'

import { FakeHost, ok } from '../testing'
import { daysOf, History } from './history.svelte'

const now = Date.parse('2026-11-24T02:00:00+09:00')

test('a range is counted in the shop’s days', () => {
  expect(daysOf('today', now, 4)).toEqual({ from: '2026-11-23', to: '2026-11-23' })
  expect(daysOf('yesterday', now, 0)).toEqual({ from: '2026-11-23', to: '2026-11-23' })
  expect(daysOf('week', now, 0)).toEqual({ from: '2026-11-18' })
  expect(daysOf('ever', now, 0)).toEqual({})
})

test('a page follows where the last one ended', async () => {
  const host = new FakeHost({
    history: (ask) => ok({ rows: [], next: ask.before === undefined ? (51 as never) : null }),
  })
  const history = new History(host, () => now)
  await history.read()
  await Promise.all([history.more(), history.more()])
  expect(host.of('history').map((ask) => ask.before)).toEqual([undefined, 51])
  expect(history.next).toBe(null)
})
