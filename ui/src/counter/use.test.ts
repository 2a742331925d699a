import { describe, expect, test } from 'vitest'

import { Intent } from '../kit/intent'
import { counting, FakeHost, no, ok } from '../testing'
import { UseDesk } from './use.svelte'

describe('using', () => {
  const host = () =>
    new FakeHost({
      spend_preview: ({ points }) =>
        points > 5000
          ? no('not_enough_points', { balance: 5000 })
          : ok({ before: 5000, after: 5000 - points, takes: [] }),
      spend: ({ points }) => ok({ transactionId: 't', before: 5000, after: 5000 - points, takes: [] }),
    })

  test('nothing is used that was not shown first', async () => {
    const fake = host()
    const use = new UseDesk(fake)
    const typing = use.type(7, '1,200')
    expect(await use.go(7)).toBe(false)
    await typing
    expect(use.preview?.after).toBe(3800)
    expect(await use.go(7)).toBe(true)
    expect(use.done?.after).toBe(3800)
  })

  test('a double Enter uses once', async () => {
    const fake = host()
    const use = new UseDesk(fake, new Intent(counting()))
    await use.type(7, '100')
    expect(await Promise.all([use.go(7), use.go(7)])).toEqual([true, false])
    expect(fake.of('spend')).toEqual([{ useId: 'id-1', memberId: 7, points: 100 }])
  })

  test('a retry after an error keeps its id', async () => {
    const fake = host()
    fake.answers.spend = () => no('storage')
    const use = new UseDesk(fake, new Intent(counting()))
    await use.type(7, '100')
    await use.go(7)
    await use.go(7)
    expect(fake.of('spend').map((ask) => ask.useId)).toEqual(['id-1', 'id-1'])
  })

  test('more than there is cannot be used', async () => {
    const use = new UseDesk(host())
    await use.type(7, '5001')
    expect(use.refused?.code).toBe('not_enough_points')
    expect(use.ready).toBe(false)
  })

  test.each(['12.5', '12.', '-5'])(
    '%s is refused in words, and stays in sight as it was typed',
    async (text) => {
      const fake = host()
      const use = new UseDesk(fake)
      await use.type(7, text)
      expect([use.refused?.code, use.boxText, use.ready]).toEqual(['bad_amount', text, false])
      expect(fake.asked).toEqual([])
      await use.type(7, '12')
      expect([use.refused, use.boxText, use.ready]).toEqual([null, '12', true])
    },
  )

  test('a key that is leant on does not make another sum', async () => {
    const use = new UseDesk(host())
    await use.type(7, '1200')
    await use.type(7, '9'.repeat(16))
    expect(use.boxText).toBe('1,200')
  })
})
