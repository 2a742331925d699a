import { expect, test } from 'vitest'

import type { RefundLotView, RefundQuote, RefundView } from '../ipc/wire'
import { Intent } from '../kit/intent'
import { counting, FakeHost, no, ok } from '../testing'
import { t } from '../text'
import { isChecking, RefundDesk } from './refund.svelte'

const lot = (over: Partial<RefundLotView> = {}): RefundLotView => ({
  lotId: 'lot',
  madeAt: 1,
  paid: 10_000,
  left: 10_000,
  leftBonus: 1_000,
  chargeId: 'charge',
  payMethod: 'card',
  rule: {
    version: 1,
    kind: 'gift',
    name: '선불',
    source: '약관',
    certainty: '확인',
    effectiveOn: '2025-09-16',
  },
  ruleAssumed: false,
  sum: {
    won: 10_000,
    paid: 10_000,
    bonus: 1_000,
    expired: 0,
    fee: 0,
    claim: true,
    basis: 'unused',
    steps: [{ kind: 'back', won: 10_000 }],
  },
  ways: [
    { way: 'pg', closed: null, needsAccount: false },
    { way: 'cash', closed: 'original_first', needsAccount: false },
    { way: 'bank', closed: 'original_first', needsAccount: false },
  ],
  ...over,
})
const quote = (lots: RefundLotView[]): RefundQuote => ({
  memberId: 1,
  memberName: '김서연',
  phoneMasked: '010-••••-4821',
  debt: 0,
  lots,
  payments: [],
  refunds: [],
})
const view = (over: Partial<RefundView> = {}): RefundView => ({
  refundId: 'id-1',
  memberId: 1,
  memberName: '김서연',
  phoneMasked: '',
  chargeId: 'charge',
  lotId: 'lot',
  way: 'pg',
  state: 'posted',
  why: null,
  said: null,
  won: 10_000,
  paid: 10_000,
  bonus: 1_000,
  expired: 0,
  fee: 0,
  claim: true,
  basis: 'unused',
  ruleName: null,
  arithmetic: [],
  note: null,
  startedAt: 1,
  staffName: '민지',
  approverName: null,
  lookedUpAt: null,
  landedLate: false,
  steps: [],
  ...over,
})

async function desk(
  lots: RefundLotView[],
  answers: FakeHost['answers'] = {},
): Promise<[RefundDesk, FakeHost]> {
  const host = new FakeHost({ refund_quote: () => ok(quote(lots)), ...answers })
  const desk = new RefundDesk(host, 1, new Intent(counting()))
  await desk.read()
  return [desk, host]
}

test('a second press after a broken wire asks for the same refund', async () => {
  let broken = true
  const [refund, host] = await desk([lot()], { refund_start: () => (broken ? no('internal') : ok(view())) })
  refund.reason = '손님이 원해서'
  await refund.start()
  broken = false
  await refund.start()
  expect(host.of('refund_start').map((ask) => ask.refundId)).toEqual(['id-1', 'id-1'])
  expect(refund.view?.state).toBe('posted')
})

test('what nobody knows yet is neither done nor failed', () => {
  for (const state of ['holding', 'sent', 'unknown', 'pending'] as const) {
    expect(isChecking(state)).toBe(true)
    expect(t.refund.states[state]).toContain('확인 중')
    expect(t.refund.states[state]).not.toMatch(/실패|완료|거절/)
  }
})

test('nothing is sent without a reason, an open way, and what the way needs', async () => {
  const [refund, host] = await desk([lot()])
  expect(refund.isReady).toBe(false)
  refund.reason = '까닭'
  expect(refund.isReady).toBe(true)
  refund.way = 'cash'
  expect(refund.isReady).toBe(false)
  await refund.start()
  expect(host.of('refund_start')).toEqual([])
})

test('a refund without a claim is ticked as goodwill, and a deposit asks for the account', async () => {
  const sum = { ...lot().sum!, claim: false, basis: 'goodwill' as const }
  const ways = [{ way: 'pg' as const, closed: null, needsAccount: true }]
  const [refund, host] = await desk([lot({ sum, ways })], {
    refund_start: () => ok(view({ state: 'pending' })),
  })
  refund.reason = '까닭'
  expect([refund.needsGoodwill, refund.needsAccount, refund.isReady]).toEqual([true, true, false])
  Object.assign(refund, { goodwill: true, bank: '88', number: '110-1', holder: '김서연' })
  await refund.start()
  expect(host.of('refund_start')[0]).toMatchObject({
    goodwill: true,
    account: { bank: '88', number: '110-1', holder: '김서연' },
  })
  expect(refund.number).toBe('')
})

test('a part is counted by the counter and not here', async () => {
  const half = lot({ sum: { ...lot().sum!, won: 4_000, paid: 4_000 } })
  const [refund, host] = await desk([lot()], {
    refund_quote: (ask) => ok(quote(ask.points === undefined ? [lot()] : [half])),
    refund_start: () => ok(view()),
  })
  refund.part = 4_000
  await refund.count()
  refund.reason = '까닭'
  await refund.start()
  expect(host.of('refund_start')[0]).toMatchObject({ points: 4_000, won: 4_000, lotId: 'lot' })
})

test('every step of the arithmetic is a sentence', () => {
  const steps = [
    { kind: 'paid', won: 1 },
    { kind: 'used', won: 60_000, percent: 60 },
    { kind: 'threshold', percent: 60, met: false },
    { kind: 'fee', won: 10_000, percent: 10 },
    { kind: 'after_date', percent: 95 },
  ] as const
  for (const step of steps) expect(t.refund.step(step)).toMatch(/다\.$/)
  expect(t.refund.step(steps[1])).toBe('그중 60,000원어치(60%)를 썼습니다.')
})
