import { expect, test } from 'vitest'

import { Till } from '../frame/till.svelte'
import { Intent } from '../kit/intent'
import type { StatementPage } from '../ipc/wire'
import { counting, FakeHost, no, ok } from '../testing'
import { Exporter } from './export.svelte'
import { bars, ceiling, repeatPercent } from './overview.svelte'
import { Statement } from './statement.svelte'

const figures = {
  charges: 1,
  chargedWon: 34_000,
  cashWon: 0,
  uses: 1,
  used: 12_000,
  undone: 0,
  bonusCost: 0,
  refundedWon: 0,
  clawedBackWon: 0,
  refundFee: 0,
  breakage: 0,
  otherWon: 0,
}

test('a day on which nothing happened stands in the chart too', () => {
  const all = bars('2026-02-27', '2026-03-02', [{ date: '2026-03-01', figures }])
  expect(all.map((bar) => bar.date)).toEqual(['2026-02-27', '2026-02-28', '2026-03-01', '2026-03-02'])
  expect(all.map((bar) => bar.charged)).toEqual([0, 0, 34_000, 0])
  expect(ceiling(all)).toBe(40_000)
  expect(ceiling([])).toBe(1)
})

test('nobody who charged is no rate, and not nought percent', () => {
  expect(repeatPercent(0, 0)).toBe(null)
  expect(repeatPercent(3, 1)).toBe(33)
})

const page = (over: Partial<StatementPage>): StatementPage => ({
  shopName: '도토리 커피',
  memberId: 7,
  memberName: '김서연',
  phoneMasked: '010-••••-4821',
  formerly: [],
  opening: 0,
  closing: 0,
  paid: 0,
  bonus: 0,
  held: 0,
  debt: 0,
  figures,
  count: 3,
  rows: [],
  next: null,
  transactions: 9,
  head: 'aa',
  headAt: 1,
  madeAt: 2,
  ...over,
})
const row = (seq: number) => ({ transaction: { seq } }) as never

test('a statement is read to its end before it is shown, and again when the book went on meanwhile', async () => {
  let head = 'aa'
  const host = new FakeHost({
    statement: (ask) => {
      if (ask.after === undefined) return ok(page({ rows: [row(1), row(2)], next: 2, head }))
      const first = head
      head = 'bb'
      return ok(page({ rows: [row(3)], head: first === 'aa' ? 'bb' : head }))
    },
  })
  const statement = new Statement(host, 7)
  statement.from = '2026-11-01'
  await statement.read()
  expect(statement.rows.length).toBe(3)
  expect(statement.complete).toBe(true)
  expect(host.of('statement').map((ask) => [ask.after, ask.from])).toEqual([
    [undefined, '2026-11-01'],
    [2, '2026-11-01'],
    [undefined, '2026-11-01'],
    [2, '2026-11-01'],
  ])
})

test('a file that was refused is asked for again under the same id, and a second file under another', async () => {
  let refuse = true
  const host = new FakeHost({
    export: () => (refuse ? no('approval_needed') : ok({ path: '/x/내역.csv', rows: 2 })),
  })
  const exporter = new Exporter(new Till(host), new Intent(counting()))
  await exporter.write({ table: 'history' }, 'csv')
  refuse = false
  await exporter.write({ table: 'history' }, 'csv')
  await exporter.write({ table: 'history' }, 'csv')
  expect(host.of('export').map((ask) => ask.requestId)).toEqual(['id-1', 'id-1', 'id-2'])
})
