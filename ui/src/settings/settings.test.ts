import { expect, test } from 'vitest'

import type { SettingsView } from '../ipc/wire'
import { FakeHost, no, ok } from '../testing'
import { blankOffer } from './offers'
import { Settings, settingWords } from './settings.svelte'

const view = (over: Partial<SettingsView> = {}): SettingsView => ({
  shopName: '도토리 커피',
  maxChargeWon: 1_000_000,
  presetWon: [10_000],
  dayTurnsAtHour: 4,
  bonusRule: null,
  expiryRule: null,
  expirySuggestions: [],
  keys: { stored: true, keyEndsWith: '1234', keyring: 'ok' },
  userCode: null,
  proxy: null,
  channelKey: null,
  channelName: null,
  ...over,
})

async function settings(answers: FakeHost['answers'] = {}): Promise<[Settings, FakeHost]> {
  const host = new FakeHost({ settings: () => ok(view()), ...answers })
  const settings = new Settings(host)
  await settings.read()
  return [settings, host]
}

test('a fraction is refused, and not saved as another number', async () => {
  const [shop, host] = await settings()
  shop.offers = [{ ...blankOffer(), value: Number.NaN }]
  expect(await shop.saveBonus()).toBe(false)
  shop.presets[2] = Number.NaN
  expect(await shop.saveShop()).toBe(false)
  expect([...host.of('bonus_rule_set'), ...host.of('settings_shop')]).toEqual([])
  expect(shop.refused?.error.code).toBe('bad_setting')
})

test('the code that was saved stays in its field where the book in use has none', async () => {
  const [shop] = await settings({ keys_save: () => ok(view()) })
  Object.assign(shop, { impKey: 'k', impSecret: 's', userCode: 'imp12345678' })
  expect(await shop.saveKeys()).toBe(true)
  expect([shop.userCode, shop.impKey, shop.impSecret]).toEqual(['imp12345678', '', ''])
})

test('a check of a broken book says where it broke', async () => {
  const firstBad = { seq: 7, fault: 'hash' }
  const [shop] = await settings({ book_verify: () => no('book_broken', { firstBad }) })
  await shop.verify()
  expect(shop.report).toMatchObject({ ok: false, firstBad })
  expect(shop.refused).toBe(null)
})

test('a check that could not be made is no report', async () => {
  const [shop] = await settings({ book_verify: () => no('storage') })
  await shop.verify()
  expect([shop.report, shop.refused?.error.code]).toEqual([null, 'storage'])
})

test('a setting out of its range is named with the range', () => {
  const said = (field: unknown) => settingWords(no('bad_setting', { field }).error, 1_000_000)
  expect(said('preset_won')).toBe('충전 금액 타일은 100원부터 한도(1,000,000원)까지입니다.')
  expect(said('percent')).toContain('100%')
  expect(said('something new')).toBe(null)
  expect(settingWords(no('storage').error, 1_000_000)).toBe(null)
})
