import { afterEach, expect, test, vi } from 'vitest'

import { read } from './call'
import { HttpHost } from './http'

afterEach(() => void vi.unstubAllGlobals())

test('a refusal is a value', () => {
  expect(read({ ok: false, error: { code: 'bad_phone', message: '…' } })).toMatchObject({
    ok: false,
    error: { code: 'bad_phone' },
  })
  expect(read({ ok: true, value: { rows: [] } })).toEqual({ ok: true, value: { rows: [] } })
})

test.each([null, 'yes', {}, { ok: true }, { ok: false }, { ok: false, error: {} }])(
  'an answer of another shape (%j) is a fault and no answer',
  (raw) => expect(read(raw)).toMatchObject({ ok: false, error: { code: 'internal' } }),
)

test('a cut wire is a value too', async () => {
  vi.stubGlobal('fetch', () => Promise.reject(new Error('cut')))
  expect(await new HttpHost().call('app_state', {})).toMatchObject({ ok: false, error: { code: 'internal' } })
})
