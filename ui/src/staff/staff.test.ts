import { describe, expect, test } from 'vitest'

import type { Answer } from '../ipc/call'
import type { SettingsView } from '../ipc/wire'
import { appState, FakeHost, no, ok } from '../testing'
import { t } from '../text'
import { Approvals } from './approval.svelte'
import { FirstOwner, LockDesk } from './door.svelte'
import { Staff } from './staff.svelte'

const MANAGER = { id: 3, name: '박매니저', role: 'manager' } as const
const OWNER = { id: 2, name: '김점주', role: 'owner' } as const
const asks = { requestId: 'r', percent: 5, minWon: 0, validDays: 30 }
const soon = () => new Promise((done) => setTimeout(done))

/** A counter that takes `PIN` of the manager. */
function host(
  pin = '730482',
  people: readonly { id: number; name: string; role: 'manager' | 'owner' }[] = [MANAGER],
) {
  return new FakeHost({
    app_state: () => ok(appState({ door: 'signed_in', staff: OWNER })),
    approvers: () => ok({ people: [...people] }),
    bonus_rule_set: (ask): Answer<SettingsView> => {
      const { approval } = ask as { approval?: { staffId: number; pin: string } }
      if (!approval) return no('approval_needed')
      if (approval.pin !== pin) return no('wrong_pin', { waitS: 5, locked: false })
      return ok({} as SettingsView)
    },
  })
}

describe('a command that needs a second person', () => {
  test('is asked again with their PIN, and its caller hears one answer', async () => {
    const inner = host()
    const approvals = new Approvals(inner)
    const answer = approvals.call('bonus_rule_set', asks)
    await soon()
    const question = approvals.question
    if (!question) throw new Error('no question')
    expect([question.who, question.alone]).toEqual([3, false])
    question.pin = '111222'
    await question.approve()
    expect([question.refused?.code, question.pin]).toEqual(['wrong_pin', ''])
    expect(question.refused && t.staff.pinWords(question.refused)).toContain('5초')
    question.pin = '730482'
    await question.approve()
    expect((await answer).ok).toBe(true)
    expect(approvals.question).toBeNull()
    expect(inner.of('bonus_rule_set')).toEqual([
      asks,
      { ...asks, approval: { staffId: 3, pin: '111222' } },
      { ...asks, approval: { staffId: 3, pin: '730482' } },
    ])
  })

  test('is refused as it was where somebody thinks better of it', async () => {
    const approvals = new Approvals(host())
    const answer = approvals.call('bonus_rule_set', asks)
    await soon()
    approvals.question?.cancel()
    expect(await answer).toMatchObject({ ok: false, error: { code: 'approval_needed' } })
    expect(approvals.question).toBeNull()
  })

  test('hands on any other refusal: the PIN was right and the command was not', async () => {
    const inner = host()
    inner.answers.bonus_rule_set = (ask) => ('approval' in ask ? no('bad_setting') : no('approval_needed'))
    const approvals = new Approvals(inner)
    const answer = approvals.call('bonus_rule_set', asks)
    await soon()
    if (approvals.question) approvals.question.pin = '730482'
    await approvals.question?.approve()
    expect(await answer).toMatchObject({ error: { code: 'bad_setting' } })
  })

  test('waits while another question stands on the screen', async () => {
    const approvals = new Approvals(host())
    const first = approvals.call('bonus_rule_set', asks)
    await soon()
    const second = approvals.call('bonus_rule_set', { ...asks, percent: 6 })
    await soon()
    const question = approvals.question
    question?.cancel()
    await first
    await soon()
    expect(approvals.question).not.toBe(question)
    approvals.question?.cancel()
    expect((await second).ok).toBe(false)
  })

  test('asks for the own PIN of whoever works alone', async () => {
    const approvals = new Approvals(host('482915', [OWNER]))
    void approvals.call('bonus_rule_set', asks)
    await soon()
    expect(approvals.question?.alone).toBe(true)
    approvals.question?.cancel()
  })

  test('names whom a change is about, who has no say in it', async () => {
    const inner = host()
    inner.answers.staff_edit = () => no('approval_needed')
    const approvals = new Approvals(inner)
    void approvals.call('staff_edit', { requestId: 'r', staffId: 4, name: '이', role: 'clerk', active: true })
    await soon()
    expect(inner.of('approvers')).toEqual([{ about: 4 }])
    approvals.question?.cancel()
  })
})

test('a command that nobody is signed in for tells the frame', async () => {
  const approvals = new Approvals(new FakeHost({ waiting: () => no('signed_out') }))
  let told = 0
  approvals.onSignedOut = () => (told += 1)
  expect((await approvals.call('waiting', {})).ok).toBe(false)
  expect(told).toBe(1)
})

test('a PIN that was wrong is forgotten, and so is one of another name', async () => {
  const inner = new FakeHost({
    staff_names: () => ok({ people: [OWNER, MANAGER] }),
    sign_in: () => no('wrong_pin', { waitS: 0, locked: true }),
  })
  const desk = new LockDesk(inner)
  await desk.read()
  expect(desk.who).toBeNull()
  desk.choose(OWNER)
  desk.pin = '111222'
  expect(await desk.enter()).toBe(false)
  expect([desk.pin, desk.refused?.code]).toEqual(['', 'wrong_pin'])
  expect(desk.refused && t.staff.pinWords(desk.refused)).toContain('잠겼습니다')
  desk.pin = '33'
  desk.choose(MANAGER)
  expect([desk.pin, desk.refused]).toEqual(['', null])
})

test('the first owner is asked for once, however often it is pressed, and two PINs that differ are not sent', async () => {
  const inner = new FakeHost({ staff_first_owner: () => no('storage') })
  const desk = new FirstOwner(inner, () => 'only')
  desk.name = ' 김점주 '
  desk.pin.pin = '482915'
  desk.pin.again = '482916'
  expect(await desk.save()).toBe(false)
  expect(inner.asked).toEqual([])
  for (let time = 0; time < 2; time += 1) {
    desk.pin.pin = '482915'
    desk.pin.again = '482915'
    await desk.save()
  }
  const ask = { requestId: 'only', name: '김점주', pin: '482915' }
  expect(inner.of('staff_first_owner')).toEqual([ask, ask])
  expect(desk.pin.pin).toBe('')
})

test('a change of somebody keeps its id until it is answered', async () => {
  let made = 0
  const inner = new FakeHost({ staff_edit: () => no('approval_needed') })
  const staff = new Staff(inner, () => `id-${(made += 1)}`)
  const person = { id: 4, name: '이직원', role: 'clerk', active: true, locked: false, failed: 0 } as const
  staff.show({ kind: 'edit', person })
  staff.name = '이도윤'
  await staff.save()
  await staff.save()
  expect(staff.refused?.code).toBe('approval_needed')
  inner.answers.staff_edit = () => ok({ people: [], idleMinutes: 10 })
  await staff.save()
  expect(inner.of('staff_edit').map((ask) => ask.requestId)).toEqual(['id-1', 'id-1', 'id-1'])
  expect(staff.open).toBeNull()
})
