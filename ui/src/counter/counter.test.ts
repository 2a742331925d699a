import { describe, expect, test, vi } from 'vitest'

import type { ChargeState, MemberRow, TransactionView } from '../ipc/wire'
import { Intent } from '../kit/intent'
import { Till } from '../frame/till.svelte'
import { appState, chargeView, counting, FakeHost, no, ok } from '../testing'
import { Counter } from './counter.svelte'
import { ChargeDesk } from './charge.svelte'
import { Search } from './search.svelte'
import { lastOf, UndoDesk } from './undo.svelte'

const started = ok({
  checkoutUrl: 'http://127.0.0.1/pay/x',
  merchantUid: 'order',
  state: 'open' as const,
  debt: 0,
})
const app = appState()

describe('charging', () => {
  function desk(host: FakeHost): ChargeDesk {
    const desk = new ChargeDesk(host, new Intent(counting()))
    desk.pick(1, app.presets)
    return desk
  }

  test('a double Enter is one charge', async () => {
    const host = new FakeHost({ charge_start: () => started })
    const charge = desk(host)
    const both = await Promise.all([charge.start(7), charge.start(7)])
    expect(both).toEqual(['id-1', null])
    expect(host.of('charge_start')).toHaveLength(1)
  })

  test('a retry after an error is the same charge', async () => {
    const host = new FakeHost({ charge_start: () => no('portone_unreachable') })
    const charge = desk(host)
    expect(await charge.start(7)).toBe(null)
    expect(charge.refused?.code).toBe('portone_unreachable')
    host.answers.charge_start = () => started
    expect(await charge.start(7)).toBe('id-1')
    expect(host.of('charge_start').map((ask) => ask.chargeId)).toEqual(['id-1', 'id-1'])
  })

  test('another sum, another way or another member is another charge', async () => {
    const host = new FakeHost({ charge_start: () => no('portone_busy') })
    const charge = desk(host)
    await charge.start(7)
    charge.pick(2, app.presets)
    await charge.start(7)
    charge.method = 'kakaopay'
    await charge.start(7)
    await charge.start(8)
    expect(host.of('charge_start').map((ask) => ask.chargeId)).toEqual(['id-1', 'id-2', 'id-3', 'id-4'])
  })

  test('the next charge of the same member and sum has an id of its own', async () => {
    const host = new FakeHost({ charge_start: () => started })
    const charge = desk(host)
    await charge.start(7)
    expect(await charge.start(7)).toBe('id-2')
  })

  test('the same sum again shows the first charge, and goes on only when it is meant', async () => {
    const host = new FakeHost({
      charge_start: (ask) => (ask.repeatOk ? started : no('recent_same_charge', { chargeId: 'first' })),
      charge_view: () => ok(chargeView({ chargeId: 'first' })),
      charge_settle: () => ok(chargeView({ chargeId: 'first', lookedUpAt: 2000 })),
    })
    const charge = desk(host)
    expect(await charge.start(7)).toBe(null)
    expect(charge.first?.chargeId).toBe('first')
    await vi.waitFor(() => expect(charge.firstAsked).toBe('answered'))
    expect(await charge.start(7, true)).toBe('id-1')
    expect(host.of('charge_start').map((ask) => [ask.chargeId, ask.repeatOk])).toEqual([
      ['id-1', undefined],
      ['id-1', true],
    ])
  })

  test.each<[ChargeState, number | null, boolean]>([
    ['open', 2000, true],
    ['failed', 2000, true],
    ['voided', 2000, true],
    ['credited', 2000, true],
    ['unknown', 2000, false],
    ['disputed', 2000, false],
    ['awaiting_deposit', 2000, false],
    // PortOne was silent: what was known before is no answer.
    ['open', 1000, false],
    ['credited', 1000, false],
    ['unknown', 1000, false],
  ])(
    'after a first charge that is %s, looked up at %s, a second one may be paid: %s',
    async (state, at, may) => {
      const host = new FakeHost({
        charge_start: () => no('recent_same_charge', { chargeId: 'first' }),
        charge_view: () => ok(chargeView({ chargeId: 'first', lookedUpAt: 1000 })),
        charge_settle: () => ok(chargeView({ chargeId: 'first', state, lookedUpAt: at })),
      })
      const charge = desk(host)
      await charge.start(7)
      await vi.waitFor(() => expect(charge.firstAsked).not.toBe('asking'))
      expect(charge.mayRepeat).toBe(may)
      await charge.start(7, true)
      expect(host.of('charge_start')).toHaveLength(may ? 2 : 1)
    },
  )

  test('a first charge with a payment to see to lets nobody pay again', async () => {
    const disputes = [{ impUid: 'imp', won: 10_000, reason: 'second_payment', foundAt: 1 }]
    const host = new FakeHost({
      charge_start: () => no('recent_same_charge', { chargeId: 'first' }),
      charge_view: () => ok(chargeView({ chargeId: 'first' })),
      charge_settle: () =>
        ok(chargeView({ chargeId: 'first', state: 'credited', lookedUpAt: 2000, disputes })),
    })
    const charge = desk(host)
    await charge.start(7)
    await vi.waitFor(() => expect(charge.firstAsked).toBe('answered'))
    expect(charge.mayRepeat).toBe(false)
  })

  test('a first charge that cannot be asked about lets nobody pay again', async () => {
    const host = new FakeHost({
      charge_start: () => no('recent_same_charge', { chargeId: 'first' }),
      charge_view: () => ok(chargeView({ chargeId: 'first' })),
      charge_settle: () => no('book_auditing'),
    })
    const charge = desk(host)
    await charge.start(7)
    await vi.waitFor(() => expect(charge.firstAsked).toBe('silent'))
    expect(charge.mayRepeat).toBe(false)
  })

  test('a sum that no PG takes is refused before anything is asked', async () => {
    const host = new FakeHost()
    const charge = desk(host)
    expect(await charge.pickOwn(99, app)).toBe(false)
    expect(charge.refused?.code).toBe('below_minimum')
    expect(await charge.pickOwn(1_000_001, app)).toBe(false)
    expect(charge.refused?.code).toBe('above_limit')
    expect(await charge.pickOwn(Number.NaN, app)).toBe(false)
    expect(charge.refused?.code).toBe('bad_amount')
    expect(host.asked).toEqual([])
  })

  test('nothing chosen starts nothing', async () => {
    const host = new FakeHost()
    expect(await new ChargeDesk(host).start(7)).toBe(null)
    expect(host.asked).toEqual([])
  })
})

describe('undoing', () => {
  const row = (over: Partial<TransactionView>) =>
    ({ transactionId: 't', kind: 'spending', reversed: false, ...over }) as TransactionView

  test('the last is the latest that was not taken back', () => {
    expect(
      lastOf([row({ kind: 'reversal' }), row({ reversed: true }), row({ transactionId: 'x' })])
        ?.transactionId,
    ).toBe('x')
    expect(lastOf([row({ kind: 'loading', transactionId: 'l' }), row({})])?.transactionId).toBe('l')
    expect(lastOf([])).toBe(null)
  })

  test('it needs a reason, and pressing twice is one', async () => {
    const fake = new FakeHost({ undo: () => ok({ transactionId: 'u', before: 1, after: 2 }) })
    const undo = new UndoDesk(fake, new Intent(counting()))
    undo.open(row({}))
    expect(await undo.go()).toBe(null)
    undo.reason = ' 다른 손님 '
    await Promise.all([undo.go(), undo.go()])
    expect(fake.of('undo')).toEqual([{ undoId: 'id-1', transactionId: 't', reason: '다른 손님' }])
  })
})

describe('finding', () => {
  const row = (memberId: number) => ({ memberId, name: '김서연' }) as MemberRow
  const finding = (...rows: MemberRow[]) => new FakeHost({ member_search: () => ok({ rows, more: false }) })

  test('one alone is opened by Enter, also while it is still being looked for', async () => {
    const search = new Search(finding(row(1)))
    search.type('4821')
    expect(await search.enter()).toEqual({ kind: 'open', row: row(1) })
  })

  test('on a tie nobody is picked until an arrow stands on somebody', async () => {
    const search = new Search(finding(row(1), row(2)))
    search.type('4821')
    expect(await search.enter()).toEqual({ kind: 'choose' })
    expect(search.tied).toBe(true)
    search.move(1)
    search.move(1)
    expect(await search.enter()).toEqual({ kind: 'open', row: row(2) })
  })

  test('nobody found leads to a new member', async () => {
    const search = new Search(finding())
    search.type('김')
    expect(await search.enter()).toEqual({ kind: 'new' })
  })

  test('an answer that was overtaken is dropped', async () => {
    const waits: ((rows: MemberRow[]) => void)[] = []
    const search = new Search(
      new FakeHost({
        member_search: () => new Promise((tell) => waits.push((rows) => tell(ok({ rows, more: false })))),
      }),
    )
    search.type('48')
    search.type('4821')
    waits[1]?.([row(2)])
    waits[0]?.([row(1), row(2)])
    expect(await search.enter()).toEqual({ kind: 'open', row: row(2) })
  })
})

describe('the counter', () => {
  test('a charge that was left behind is told when it ends', async () => {
    const host = new FakeHost({
      app_state: () => ok(app),
      charge_start: () => started,
      charge_view: () => ok(chargeView({ chargeId: 'x' })),
      member_card: () => ok({ memberId: 7, transactions: [], lots: [], waiting: [] } as never),
    })
    const till = new Till(host)
    await till.reread()
    const counter = new Counter(till)
    await counter.open(7)
    counter.charge.pick(1, app.presets)
    await counter.startCharge()
    const chargeId = counter.paying?.chargeId ?? ''
    counter.next()
    expect(counter.card).toBe(null)
    host.answers.charge_view = () => ok(chargeView({ chargeId, state: 'credited' }))
    await counter.told({ kind: 'charge', chargeId, memberId: 7 })
    expect(till.toasts.map((toast) => toast.tone)).toEqual(['plain', 'done'])
  })

  test.each<ChargeState>(['failed', 'disputed'])(
    'a charge that was left behind and is %s is told once',
    async (state) => {
      const host = new FakeHost({ charge_view: () => ok(chargeView({ chargeId: 'x', state: 'open' })) })
      const till = new Till(host)
      const counter = new Counter(till)
      counter.show('x')
      await counter.paying?.read()
      counter.next()
      host.answers.charge_view = () => ok(chargeView({ chargeId: 'x', state }))
      await counter.told({ kind: 'charge', chargeId: 'x', memberId: 7 })
      await counter.told({ kind: 'charge', chargeId: 'x', memberId: 7 })
      expect(till.toasts.map((toast) => toast.tone)).toEqual(['plain', 'fail'])
    },
  )

  test('a charge is not taken back, but the reason why is told', async () => {
    const till = new Till(new FakeHost())
    const counter = new Counter(till)
    counter.undoLast({ kind: 'loading', reversed: false } as TransactionView)
    expect(counter.undo.target).toBe(null)
    expect(till.toasts[0]?.code).toBe('charge_needs_refund')
  })

  test('nothing is charged while the book is not proved', async () => {
    const host = new FakeHost({
      app_state: () => ok(appState({ book: 'auditing' })),
      member_card: () => ok({ memberId: 7, transactions: [], lots: [], waiting: [] } as never),
    })
    const till = new Till(host)
    await till.reread()
    const counter = new Counter(till)
    await counter.open(7)
    counter.charge.pick(1, app.presets)
    await counter.startCharge()
    expect(host.of('charge_start')).toEqual([])
  })

  describe('the next search', () => {
    const card = (memberId: number) => ok({ memberId, transactions: [], lots: [], waiting: [] } as never)
    async function serving(host: FakeHost): Promise<Counter> {
      host.answers.app_state = () => ok(app)
      host.answers.member_card = ({ memberId }) => card(memberId)
      host.answers.member_search = () => ok({ rows: [], more: false })
      const till = new Till(host)
      await till.reread()
      const counter = new Counter(till)
      await counter.open(7)
      return counter
    }

    test('closes the card before it, so that no key charges or uses for somebody else', async () => {
      const host = new FakeHost()
      const counter = await serving(host)
      counter.charge.pick(1, app.presets)
      counter.tab = 'use'
      counter.seek('4')
      expect([counter.card, counter.charge.quote, counter.use.text]).toEqual([null, null, ''])
      await counter.startCharge()
      await counter.useGo()
      expect([...host.of('charge_start'), ...host.of('spend')]).toEqual([])
    })

    test('is not overtaken by a card that was still being opened', async () => {
      const host = new FakeHost()
      const counter = await serving(host)
      const opening = counter.open(8)
      counter.seek('4')
      await opening
      expect(counter.card).toBe(null)
    })

    test('hears what became of a use that was on its way', async () => {
      const host = new FakeHost({
        spend_preview: ({ points }) => ok({ before: 5000, after: 5000 - points, takes: [] }),
        spend: ({ points }) => ok({ transactionId: 't', before: 5000, after: 5000 - points, takes: [] }),
      })
      const counter = await serving(host)
      await counter.use.type(7, '100')
      const going = counter.useGo()
      counter.seek('4')
      await going
      expect(counter.use.done).toBe(null)
      expect(counter.till.toasts.map((toast) => toast.tone)).toEqual(['done'])
    })

    test('hears what became of a charge that was refused', async () => {
      const host = new FakeHost({ charge_start: () => no('portone_unreachable') })
      const counter = await serving(host)
      counter.charge.pick(1, app.presets)
      const starting = counter.startCharge()
      counter.seek('4')
      await starting
      expect(counter.charge.refused).toBe(null)
      expect(counter.till.toasts.map((toast) => toast.code)).toEqual(['portone_unreachable'])
    })
  })
})
