import { expect, test } from 'vitest'

import type { LotView } from '../ipc/wire'
import { firstWords, goesNext, lotParts, partWords, sumWords, takeParts } from './lots'

const at = (day: string) => Date.parse(`${day}T18:00:00+09:00`)
const now = at('2026-11-25')
const lot = (over: Partial<LotView> = {}): LotView => ({
  lotId: 'a',
  paid: 30_000,
  bonus: 3_000,
  paidExpiresAt: null,
  bonusExpiresAt: at('2026-12-25'),
  madeAt: 0,
  ...over,
})

test('paid points that never go are not told to go with their bonus', () => {
  const next = goesNext([lot()], now)
  expect(next?.days).toBe(30)
  expect(sumWords(next?.parts ?? [])).toBe('보너스 3,000P')
})

test('everything that goes on the first day is counted, and nothing of a later one', () => {
  const next = goesNext(
    [
      lot({ bonusExpiresAt: at('2027-01-01') }),
      lot(),
      lot({ bonus: 500 }),
      lot({ paid: 100, paidExpiresAt: at('2026-12-25'), bonus: 0 }),
    ],
    now,
  )
  expect(sumWords(next?.parts ?? [])).toBe('유료 100P + 보너스 3,500P')
})

test('a date without points is no date', () => {
  expect(goesNext([lot({ bonus: 0 })], now)).toBe(null)
})

test('each part is named with its own date', () => {
  expect(lotParts(lot()).map((part) => partWords(part, now))).toEqual([
    '유료 30,000 기한 없음',
    '보너스 3,000 12월 25일까지',
  ])
})

test('what a use takes has the dates of the lot that it takes from', () => {
  const take = { lotId: 'a', paid: 900, bonus: 90, expiresAt: at('2026-12-25') }
  expect(takeParts(take, [lot()]).map((part) => partWords(part, now))).toEqual([
    '유료 900 기한 없음',
    '보너스 90 12월 25일까지',
  ])
  expect(takeParts(take, []).map((part) => partWords(part, now))).toEqual(['유료 900', '보너스 90'])
})

test('the lot that is used first says which of its points go', () => {
  expect(firstWords(lot(), now)).toBe('먼저 쓰는 묶음 33,000P (보너스 3,000P는 12월 25일까지)')
  expect(firstWords(lot({ paid: 0 }), now)).toBe('먼저 쓰는 묶음 3,000P · 12월 25일까지')
  expect(firstWords(lot({ bonus: 0 }), now)).toBe(null)
})
