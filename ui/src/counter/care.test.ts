import { describe, expect, it } from 'vitest'

import { counting, FakeHost, no, ok } from '../testing'
import { Intent } from '../kit/intent'
import { CareDesk } from './care.svelte'
import type { MemberCard, MemberRow } from '../ipc/wire'

const card = (over: Partial<MemberCard> = {}): MemberCard =>
  ({ memberId: 1, name: '김서연', paid: 1000, bonus: 100, balance: 1100, ...over }) as MemberCard
const row = (memberId: number, name: string): MemberRow => ({
  memberId,
  name,
  phoneMasked: '010-••••-1111',
  balance: 500,
  memo: null,
  lastVisit: null,
})
const desk = (host: FakeHost) => new CareDesk(host, new Intent(counting()))

describe('a correction', () => {
  it('shows what is left, and nothing while more is taken than is there or no whole number was typed', () => {
    const care = desk(new FakeHost())
    care.open('adjust')
    expect(care.after(card())).toBeNull()
    care.paid = 400
    expect(care.after(card())).toEqual({ paid: 600, bonus: 100 })
    care.bonus = 101
    expect(care.after(card())).toBeNull()
    care.adds = true
    expect(care.after(card())).toEqual({ paid: 1400, bonus: 201 })
    care.bonus = NaN
    expect(care.after(card())).toBeNull()
  })

  it('keeps its id until it is answered, and takes another for another content', async () => {
    const host = new FakeHost({ adjust: () => no('storage') })
    const care = desk(host)
    care.open('adjust')
    care.paid = 400
    expect(await care.adjust(card())).toBeNull()
    expect(host.of('adjust')).toEqual([])
    care.reason = ' 잘못 적음 '
    await care.adjust(card())
    await care.adjust(card())
    care.paid = 500
    await care.adjust(card())
    expect(host.of('adjust').map((ask) => [ask.requestId, ask.paid, ask.reason])).toEqual([
      ['id-1', -400, '잘못 적음'],
      ['id-1', -400, '잘못 적음'],
      ['id-2', -500, '잘못 적음'],
    ])
    expect(care.refused?.code).toBe('storage')
    expect(care.kind).toBe('adjust')
  })
})

describe('making two members one', () => {
  it('never offers the member itself, drops an answer that was overtaken, and picks nobody by itself', async () => {
    let arrive = (): void => {}
    const late = new Promise<void>((resolve) => (arrive = resolve))
    const host = new FakeHost({
      member_search: async ({ query }) => {
        if (query === '김') await late
        return ok({
          rows: query === '김' ? [row(9, '김')] : [row(1, '김서연'), row(2, '김서윤')],
          more: false,
        })
      },
      member_merge: () => ok({ memberId: 2, paid: 1000, bonus: 100, debt: 0, balance: 1600 }),
    })
    const care = desk(host)
    care.open('merge')
    const first = care.find('김', 1)
    await care.find('김서', 1)
    arrive()
    await first
    expect(care.rows?.map((one) => one.memberId)).toEqual([2])
    care.reason = '같은 분'
    expect(await care.merge(card())).toBeNull()
    care.into = care.rows?.[0] ?? null
    expect((await care.merge(card()))?.balance).toBe(1600)
    expect(host.of('member_merge')).toEqual([
      { requestId: 'id-1', memberId: 1, intoId: 2, reason: '같은 분' },
    ])
    expect(care.kind).toBeNull()
  })
})

describe('forgetting a person', () => {
  it('asks for the name first', async () => {
    const host = new FakeHost({ member_erase: () => ok({ memberId: 1 }) })
    const care = desk(host)
    care.open('erase')
    care.typedName = '김서윤'
    expect(await care.erase(card())).toBe(false)
    expect(host.of('member_erase')).toEqual([])
    care.typedName = '김서연 '
    expect(await care.erase(card())).toBe(true)
  })
})
