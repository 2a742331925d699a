import { describe, expect, test } from 'vitest'

import { Till } from '../frame/till.svelte'
import { Intent } from '../kit/intent'
import { counting, FakeHost, no, ok } from '../testing'
import { Counter } from './counter.svelte'
import { Enrol, phoneSpelling, prefill } from './enrol.svelte'

describe('a new member', () => {
  test.each([
    ['01012345678', { phone: '010-1234-5678', name: '' }],
    ['+82 10-1234-5678', { phone: '010-1234-5678', name: '' }],
    ['4821', { phone: '', name: '' }],
    ['김서연', { phone: '', name: '김서연' }],
    ['', { phone: '', name: '' }],
  ])('%s fills in what it says', (query, found) => expect(prefill(query)).toEqual(found))

  test.each([
    ['010', '010'],
    ['0101234', '010-1234'],
    ['0212345678', '02-1234-5678'],
    ['01012345678', '010-1234-5678'],
    ['0311234567', '031-123-4567'],
    ['15881234', '1588-1234'],
    ['1588', '1588'],
    ['05051234567', '0505-123-4567'],
  ])('%s is spelled %s while it is typed', (typed, spelled) => expect(phoneSpelling(typed)).toBe(spelled))

  test('it needs consent, and saving twice makes one', async () => {
    const fake = new FakeHost({ member_create: () => ok({ memberId: 9 }) })
    const enrol = new Enrol(fake, new Intent(counting()))
    enrol.begin('김서연')
    enrol.phone = '010-1234-5678'
    expect(await enrol.save()).toBe(null)
    enrol.consent = true
    expect(await Promise.all([enrol.save(), enrol.save()])).toEqual([9, null])
    expect(fake.of('member_create')).toEqual([
      { name: '김서연', phone: '010-1234-5678', consents: ['terms'], requestId: 'id-1' },
    ])
  })

  test('a number that is too short is refused in words, by the book', async () => {
    const enrol = new Enrol(new FakeHost({ member_create: () => no('bad_phone') }))
    enrol.begin('김서연')
    enrol.phone = '010-12'
    enrol.consent = true
    expect(await enrol.save()).toBe(null)
    expect(enrol.refused?.code).toBe('bad_phone')
  })

  test('a number that somebody has already opens that customer', async () => {
    const host = new FakeHost({
      member_search: () => ok({ rows: [{ memberId: 3 } as never], more: false }),
      member_card: ({ memberId }) => ok({ memberId, transactions: [], lots: [], waiting: [] } as never),
    })
    const counter = new Counter(new Till(host))
    counter.enrol.begin('010-1234-5678')
    await counter.find('010-1234-5678')
    expect(counter.card?.memberId).toBe(3)
  })
})
