import { describe, expect, it } from 'vitest'

import { Intent } from '../kit/intent'
import { counting, FakeHost, no, ok } from '../testing'
import type { ImportPreview } from '../ipc/wire'
import { base64, Import, refusedCsv } from './import.svelte'

const preview: ImportPreview = {
  digest: 'd',
  count: 2,
  known: 0,
  paid: 13_000,
  bonus: 500,
  rows: [],
  refusedCount: 1,
  refused: [{ line: 4, name: '=cmd("x")', phone: '010-551', fault: 'bad_phone' }],
}
const file = (text: string) => {
  const bytes = new TextEncoder().encode(text)
  return { size: bytes.length, arrayBuffer: () => Promise.resolve(bytes.buffer as ArrayBuffer) }
}

describe('taking balances over', () => {
  it('waits for the sums that somebody counted, and keeps its id until it is answered', async () => {
    let answers = 0
    const host = new FakeHost({
      import_preview: () => ok(preview),
      import_apply: () => ((answers += 1) === 1 ? no('storage') : ok({ count: 2, paid: 13_000, bonus: 500 })),
    })
    const taking = new Import(host, new Intent(counting()))
    await taking.look(file('이름'))
    expect(host.of('import_preview')).toEqual([{ content: '7J2066aE' }])
    expect(taking.ready).toBe(false)
    await taking.apply()
    expect(host.of('import_apply')).toEqual([])
    ;[taking.count, taking.paid, taking.bonus] = [2, 13_000, 500]
    expect(taking.ready).toBe(true)
    await taking.apply()
    expect(taking.refused?.code).toBe('storage')
    await taking.apply()
    expect(host.of('import_apply').map((ask) => ask.requestId)).toEqual(['id-1', 'id-1'])
    expect(taking.done?.count).toBe(2)
    expect(taking.preview?.refused).toHaveLength(1)
    expect(taking.ready).toBe(false)
  })

  it('does not read a file that is too large', async () => {
    const host = new FakeHost()
    const taking = new Import(host)
    await taking.look({ size: 3_000_000, arrayBuffer: () => Promise.reject(new Error('read')) })
    expect(taking.refused?.code).toBe('file_too_large')
    expect(host.asked).toEqual([])
  })
})

describe('what was refused', () => {
  it('is saved as a CSV in which nothing is a formula', () => {
    expect(refusedCsv(preview.refused).split('\r\n')[1]).toBe(
      `"4","'=cmd(""x"")","010-551","전화번호가 맞지 않습니다"`,
    )
  })
  it('comes from bytes of any size', () => {
    expect(base64(new Uint8Array(100_000)).length).toBe(133_336)
  })
})
