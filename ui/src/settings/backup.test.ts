import { describe, expect, it } from 'vitest'

import type { BackupView, RestoreReport } from '../ipc/wire'
import { FakeHost, counting, no, ok } from '../testing'
import { Backup, runWords } from './backup.svelte'

const NOON = Date.UTC(2026, 10, 23, 3)

const view = (over: Partial<BackupView> = {}): BackupView => ({
  folder: '/backups',
  daily: true,
  warning: 'none',
  last: null,
  good: null,
  drill: null,
  keyShownAt: null,
  restorePending: false,
  restoredAt: null,
  ...over,
})

const report = (over: Partial<RestoreReport> = {}): RestoreReport => ({
  file: 'a.backup.age',
  madeAt: NOON,
  restoredAt: NOON,
  aside: null,
  askedAt: null,
  payments: 0,
  known: 0,
  orphans: [],
  lostKnown: true,
  lost: [],
  ...over,
})

describe('backups', () => {
  it('asks for the same backup again with the same id until it was answered', async () => {
    const answers = [no('backup_no_room'), ok(view()), ok(view())]
    const host = new FakeHost({
      backup_now: () => answers.shift() ?? no('internal'),
      backup_view: () => ok(view()),
    })
    const backup = new Backup(host, counting())
    await backup.now()
    expect(backup.refused?.error.code).toBe('backup_no_room')
    await backup.now()
    await backup.now()
    expect(host.of('backup_now').map((ask) => ask.requestId)).toEqual(['id-1', 'id-1', 'id-2'])
  })

  it('keeps what is half typed when the frame changes, and names no folder as none', async () => {
    const host = new FakeHost({
      backup_view: () => ok(view()),
      backup_settings_set: () => ok(view({ folder: null })),
    })
    const backup = new Backup(host, counting())
    await backup.read()
    backup.folder = ' '
    await backup.read(true)
    expect(backup.folder).toBe(' ')
    await backup.save()
    expect(host.of('backup_settings_set')[0]).toEqual({ requestId: 'id-1', folder: '', daily: true })
  })

  it('shows the report of a restore, and of none where it was refused', async () => {
    let open = true
    const host = new FakeHost({
      restore: () => (open ? no('window_open') : ok(report())),
      backup_view: () => ok(view()),
    })
    const backup = new Backup(host, counting())
    expect(await backup.restore('a')).toBe(false)
    expect([backup.refused?.error.code, backup.report]).toEqual(['window_open', null])
    open = false
    expect(await backup.restore('a')).toBe(true)
    expect(backup.report?.file).toBe('a.backup.age')
    expect(host.of('restore').map((ask) => ask.requestId)).toEqual(['id-1', 'id-1'])
  })

  it('keeps the recovery key only as long as it is on the screen', async () => {
    const host = new FakeHost({
      recovery_key: () => ok({ key: 'AGE-SECRET-KEY-1X' }),
      backup_view: () => ok(view()),
    })
    const backup = new Backup(host, counting())
    await backup.showKey()
    expect(backup.key).toBe('AGE-SECRET-KEY-1X')
    backup.hideKey()
    expect(backup.key).toBeNull()
  })

  it('says when, and why not', () => {
    expect(runWords(null, NOON)).toBe('아직 없음')
    const failed = runWords({ at: NOON, file: null, fault: 'backup_no_folder' }, NOON)
    expect(failed).toContain('백업 폴더를 찾을 수 없습니다')
  })
})
