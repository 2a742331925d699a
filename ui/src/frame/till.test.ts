import { describe, expect, test } from 'vitest'

import { appState, FakeHost, no, ok } from '../testing'
import { Till } from './till.svelte'

describe('the test switch', () => {
  async function till(host: FakeHost): Promise<Till> {
    host.answers.app_state = () => ok(appState({ mode: 'practice', modes: ['practice'] }))
    const till = new Till(host)
    await till.reread()
    return till
  }

  test.each(['keys_missing', 'mode_unavailable'] as const)(
    'leads to the settings where no keys are stored (%s)',
    async (code) => {
      const frame = await till(new FakeHost({ mode_switch: () => no(code) }))
      expect(await frame.switchMode('test')).toBe(false)
      expect([frame.keysWanted, frame.toasts.length]).toEqual([true, 0])
    },
  )

  test('tells another reason as it is', async () => {
    const frame = await till(new FakeHost({ mode_switch: () => no('window_open') }))
    await frame.switchMode('test')
    expect([frame.keysWanted, frame.toasts[0]?.code]).toEqual([false, 'window_open'])
  })
})
