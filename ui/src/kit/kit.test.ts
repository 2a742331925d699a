import { afterEach, expect, test, vi } from 'vitest'

import { Burst, HeldDigits, type Held } from './burst'
import { Intent, newId } from './intent'

afterEach(() => void vi.useRealTimers())

function counted(): Intent {
  let made = 0
  return new Intent(() => `id-${(made += 1)}`)
}

test('the same intent keeps its id until it is answered', () => {
  const intent = counted()
  expect(intent.idFor({ won: 1 })).toBe('id-1')
  expect(intent.idFor({ won: 1 })).toBe('id-1')
  intent.answered()
  expect(intent.idFor({ won: 1 })).toBe('id-2')
})

test('another content is another intent', () => {
  const intent = counted()
  intent.idFor({ won: 1 })
  expect(intent.idFor({ won: 2 })).toBe('id-2')
})

test('an Enter inside a burst belongs to the scanner', () => {
  const burst = new Burst()
  for (const at of [0, 10, 20, 30]) burst.typed(at)
  expect(burst.run).toBe(4)
  expect(burst.swallowsEnter(40)).toBe(true)
})

test('an Enter after fingers is an Enter', () => {
  const burst = new Burst()
  for (const at of [0, 120, 260, 400]) burst.typed(at)
  expect(burst.run).toBe(1)
  expect(burst.swallowsEnter(450)).toBe(false)
})

test('one digit is a key after 50 ms, several are a scan', () => {
  vi.useFakeTimers()
  const told: Held[] = []
  const held = new HeldDigits((what) => told.push(what))
  held.digit('4')
  vi.advanceTimersByTime(49)
  expect(told).toEqual([])
  vi.advanceTimersByTime(1)
  for (const digit of '8801') {
    held.digit(digit)
    vi.advanceTimersByTime(8)
  }
  vi.advanceTimersByTime(60)
  expect(told).toEqual([
    { kind: 'key', digit: '4' },
    { kind: 'scan', text: '8801' },
  ])
})

test('an id is a UUIDv7: a later one sorts after an earlier one, and no two are the same', () => {
  const ids = [1_795_402_800_000, 1_795_402_800_001, 1_795_403_000_000].map((now) => newId(now))
  const shape = /^01a206[0-9a-f]{2}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/
  for (const id of ids) expect(id).toMatch(shape)
  expect([...ids].sort()).toEqual(ids)
  expect(newId(1)).not.toBe(newId(1))
})
