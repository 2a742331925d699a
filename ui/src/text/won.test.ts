import { describe, expect, test } from 'vitest'

import { koreanNumber, koreanWords } from './won'

describe('koreanWords', () => {
  test.each([
    [0, '영 원'],
    [1, '일 원'],
    [10, '십 원'],
    [100, '백 원'],
    [110, '백십 원'],
    [1_000, '천 원'],
    [1_500, '천오백 원'],
    [10_000, '만 원'],
    [12_300, '만 이천삼백 원'],
    [11_111, '만 천백십일 원'],
    [30_000, '삼만 원'],
    [100_000, '십만 원'],
    [110_000, '십일만 원'],
    [1_000_000, '백만 원'],
    [1_234_567, '백이십삼만 사천오백육십칠 원'],
    [10_000_000, '천만 원'],
    [100_000_000, '일억 원'],
    [100_010_000, '일억 일만 원'],
    [2_005_000_300, '이십억 오백만 삼백 원'],
  ])('%i is read %s', (won, words) => expect(koreanWords(won)).toBe(words))

  test('what is no whole sum is not read at all', () => {
    for (const odd of [-1, 1.5, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 53])
      expect(koreanWords(odd)).toBe('')
    expect(koreanNumber(9_007_199_254_740_991)).toBe('구천칠조 천구백구십이억 오천사백칠십사만 구백구십일')
  })
})
