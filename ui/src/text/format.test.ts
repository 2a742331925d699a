import { expect, test } from 'vitest'

import * as format from './format'

const at = (text: string) => Date.parse(`${text}+09:00`)
const now = at('2026-11-23T14:02:52')

test('sums have separators and a true minus', () => {
  expect(format.won(100000)).toBe('100,000원')
  expect(format.points(0)).toBe('0P')
  expect(format.signed(53000)).toBe('+53,000')
  expect(format.signed(-6500)).toBe('−6,500')
})

test('times are Seoul’s, also just after midnight', () => {
  expect(format.clock(now)).toBe('14:02:52')
  expect(format.hourMinute(at('2026-11-24T00:05:00'))).toBe('00:05')
  expect(format.date(at('2027-11-23T23:59:59'))).toBe('2027년 11월 23일')
  expect(format.dayAndTime(at('2026-11-23T00:00:00'), now)).toBe('오늘 00:00')
  expect(format.dayAndTime(at('2026-11-22T23:59:00'), now)).toBe('어제 23:59')
  expect(format.dayAndTime(at('2025-11-20T10:00:00'), now)).toBe('2025년 11월 20일 10:00')
})

test('a visit is told in the largest unit that is still true', () => {
  expect(format.ago(now, now)).toBe('오늘')
  expect(format.ago(now + 60_000, now)).toBe('오늘')
  expect(format.ago(at('2026-11-22T23:59:00'), now)).toBe('어제')
  expect(format.ago(at('2026-11-02T10:00:00'), now)).toBe('3주 전')
  expect(format.ago(at('2026-06-20T10:00:00'), now)).toBe('5달 전')
})

test('a running time reads naturally and never runs backwards', () => {
  expect(format.elapsed(-5)).toBe('0초')
  expect(format.elapsed(3_400)).toBe('3초')
  expect(format.elapsed(125_000)).toBe('2분 05초')
  expect(format.elapsed(4_800_000)).toBe('1시간 20분')
})

test('the shop’s day turns at its own hour', () => {
  expect(format.businessDate(at('2026-11-24T03:59:00'), 4)).toBe('2026-11-23')
  expect(format.businessDate(at('2026-11-24T04:00:00'), 4)).toBe('2026-11-24')
  expect(format.businessDate(at('2026-11-01T12:00:00'), 0, 1)).toBe('2026-10-31')
})

test('an amount is what its digits say', () => {
  expect(format.typedAmount('12,300원')).toBe(12300)
  expect(format.typedAmount('１２３')).toBe(123)
  expect(format.typedAmount('')).toBe(null)
  expect(format.typedAmount('9'.repeat(16))).toBe(null)
})

test('an amount that would mean something else without its dot is none', () => {
  for (const odd of ['12.5', '12.', '.5', '１２．５', '-5', '−5'])
    expect(format.typedAmount(odd)).toBe(Number.NaN)
  expect(format.typedAmount('.')).toBe(null)
})

test('the caret stays behind the digit that was typed', () => {
  expect(format.caretAfter('1234', 2, '1,234')).toBe(3)
  expect(format.caretAfter('12345', 5, '12,345')).toBe(6)
  expect(format.caretAfter('1,234', 0, '1,234')).toBe(0)
})
