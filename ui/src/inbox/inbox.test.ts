import { expect, test } from 'vitest'

import { chargeView, FakeHost, ok } from '../testing'
import { disputeWords, heardWords } from '../text/words'
import { Inbox } from './inbox.svelte'

const dispute = (reason: string) => ({ impUid: 'imp', won: 10_000, reason, foundAt: 1 })

test('what needs a person stands first, also when its points were credited', async () => {
  const charges = [
    chargeView({ chargeId: 'waits' }),
    chargeView({ chargeId: 'cancelled', state: 'credited', disputes: [dispute('cancelled_outside')] }),
    chargeView({ chargeId: 'disputed', state: 'disputed' }),
    // Looked up just now; the next reading leaves it out.
    chargeView({ chargeId: 'done', state: 'credited' }),
  ]
  const inbox = new Inbox(new FakeHost({ waiting: () => ok({ charges, refunds: [] }) }))
  await inbox.read()
  expect(inbox.grouped.map(({ group, charges }) => [group, charges.map((one) => one.chargeId)])).toEqual([
    ['act', ['cancelled', 'disputed']],
    ['wait', ['waits', 'done']],
  ])
})

test('a look-up to which PortOne was silent says so', async () => {
  const charge = chargeView({ state: 'unknown' })
  const host = new FakeHost({
    waiting: () => ok({ charges: [charge], refunds: [] }),
    charge_settle: () => ok(charge),
  })
  const inbox = new Inbox(host, () => 9000)
  await inbox.read()
  await inbox.recheck('charge')
  expect(inbox.silent).toEqual({ chargeId: 'charge', at: 9000 })
  host.answers.charge_settle = () => ok({ ...charge, state: 'open', lookedUpAt: 8000 })
  await inbox.recheck('charge')
  expect(inbox.silent).toBe(null)
})

test('a payment to see to is named with its sum', () => {
  expect(disputeWords(dispute('cancelled_outside')).what).toBe('적립한 뒤 취소된 결제 10,000원')
  expect(disputeWords(dispute('cancelled_outside')).why).toContain('관리자')
  expect(disputeWords(dispute('second_payment')).what).toBe('적립하지 않은 결제 10,000원')
})

test('that nobody answered is not the same as that nobody was asked', () => {
  expect(heardWords(chargeView())).toBe('아직 확인하지 않음')
  expect(heardWords(chargeView({ state: 'unknown' }))).toBe('아직 답을 받지 못함')
})
