import { expect, test } from 'vitest'

import { ExtendDesk } from '../counter/extend.svelte'
import type { BonusPreview, ExpiringPage, ExpiringRow, LotView, SettingsView } from '../ipc/wire'
import { counting, FakeHost, no, ok } from '../testing'
import { timeKo } from '../text/ko.time'
import { ExpiringList } from './expiring.svelte'
import { blankOffer, draftOf, offerOf } from './offers'
import { Settings } from './settings.svelte'

const view: SettingsView = {
  shopName: '',
  maxChargeWon: 1_000_000,
  presetWon: [],
  dayTurnsAtHour: 0,
  bonusRule: null,
  expiryRule: null,
  expirySuggestions: [{ pg: 'kcp', name: 'NHN KCP', months: 3, source: '출처', own: true }],
  keys: { stored: false, keyEndsWith: null, keyring: 'ok' },
  userCode: null,
  proxy: null,
  channelKey: null,
  channelName: null,
}
const cost: BonusPreview = {
  presets: [],
  days: 90,
  charges: 2,
  won: 100_000,
  wouldGive: 9_500,
  gave: 0,
  wouldGiveBasisPoints: 950,
  gaveBasisPoints: 0,
}

async function settings(): Promise<[Settings, FakeHost]> {
  const host = new FakeHost({
    settings: () => ok(view),
    bonus_rule_preview: () => ok(cost),
    bonus_rule_set: () => ok(view),
    expiry_rule_set: () => ok(view),
  })
  const settings = new Settings(host, counting())
  await settings.read()
  return [settings, host]
}

test('a bonus rule is saved only after the cost of just this rule was shown', async () => {
  const [shop, host] = await settings()
  shop.offers = [{ ...blankOffer(), fromWon: 50_000, value: 10 }]
  expect(await shop.saveBonus()).toBe(false)
  expect([shop.costKnown, host.of('bonus_rule_set').length]).toEqual([true, 0])
  // Another rule: what was shown says nothing about it.
  shop.offers = [{ ...blankOffer(), fromWon: 50_000, value: 20 }]
  expect(shop.costKnown).toBe(false)
  expect(await shop.saveBonus()).toBe(false)
  expect(await shop.saveBonus()).toBe(true)
  expect(host.of('bonus_rule_set').map((ask) => ask.offers[0]?.percent)).toEqual([20])
})

test('a line is read and written as it is, whichever way it gives', () => {
  for (const offer of [
    { fromWon: 0, percent: 5, points: 0, firstOnly: true, fromDay: null, untilDay: null },
    { fromWon: 1, percent: 0, points: 500, firstOnly: false, fromDay: '2026-12-01', untilDay: '2026-12-31' },
  ])
    expect(offerOf(draftOf(offer))).toEqual(offer)
  // What was typed for the other way is not sent beside it.
  expect(offerOf({ ...blankOffer(), kind: 'points', value: 7 })).toMatchObject({ percent: 0, points: 7 })
})

test('a rule of expiry is accepted with the source that was shown', async () => {
  const [shop, host] = await settings()
  const [kcp] = view.expirySuggestions
  if (kcp) shop.pickExpiry(kcp)
  expect(host.of('expiry_rule_set')).toEqual([])
  expect(await shop.saveExpiry()).toBe(true)
  expect(host.of('expiry_rule_set')).toEqual([
    { requestId: 'id-1', months: 3, days: 0, pg: 'kcp', source: '출처' },
  ])
})

test('the list of what goes soon goes on behind its last row', async () => {
  const row = (lotId: string): ExpiringRow => ({
    memberId: 1,
    name: '김서연',
    phoneMasked: '',
    lotId,
    part: 'bonus',
    points: 1,
    expiresAt: 0,
  })
  const page = (lotId: string, next: string | null): ExpiringPage => ({
    rows: [row(lotId)],
    next,
    paid: 0,
    bonus: 2,
    members: 1,
  })
  const host = new FakeHost({ expiring: ({ after }) => ok(after ? page('b', null) : page('a', 'cursor')) })
  const list = new ExpiringList(host)
  await list.read()
  await list.more()
  await list.more()
  expect(list.rows.map(({ lotId }) => lotId)).toEqual(['a', 'b'])
  expect(host.of('expiring')).toEqual([{}, { after: 'cursor' }])
})

test('an extension that was refused is asked for again as the same one', async () => {
  let refuse = true
  const host = new FakeHost({
    expiry_extend: () => (refuse ? no('not_later') : ok({ transactionId: 't', reinstated: 0, after: 10 })),
  })
  const desk = new ExtendDesk(host)
  const lot: LotView = {
    lotId: 'a',
    paid: 0,
    bonus: 10,
    paidExpiresAt: null,
    bonusExpiresAt: 1,
    madeAt: 0,
  }
  desk.open(lot)
  expect(await desk.go()).toBe(null)
  Object.assign(desk, { bonusUntil: '2027-03-31', reason: '이사' })
  expect([await desk.go(), desk.refused?.code]).toEqual([null, 'not_later'])
  refuse = false
  expect(await desk.go()).not.toBe(null)
  const asked = host.of('expiry_extend')
  expect(asked.length).toBe(2)
  expect(asked[0]).toEqual(asked[1])
  expect(asked[0]).not.toHaveProperty('paidUntil')
})

test('a cost is said in percent without noughts at its end', () => {
  expect(timeKo.costIs(9_500, 950)).toBe('보너스 9,500P (충전액의 9.5%)')
  expect(timeKo.costIs(0, 0)).toBe('보너스 0P (충전액의 0%)')
  expect(timeKo.costIs(1, 1_000)).toBe('보너스 1P (충전액의 10%)')
})
