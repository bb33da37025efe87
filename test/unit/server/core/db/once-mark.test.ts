// Rows that are inserted once into files, over kills; each step of it is in
// test/sim/file-databases.test.ts.
import { mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { cell } from '../../../../../server/core/db/api.ts'
import { OnceMark } from '../../../../../server/core/db/once-mark.ts'
import { systemDisk } from '../../../../../server/core/db/disk.ts'
import { Log } from '../../../../../server/core/log.ts'
import { FlatFolder } from '../../../../../server/modules/db_flatstore/flat-folder.ts'
import { DyingDisk } from '../../../../kit/dying-disk.ts'

const SPOOL = 'abc'

function stage() {
  const folder = mkdtempSync(join(tmpdir(), 'ohana-once-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  const lines: string[] = []
  const log = new Log(() => 0)
  log.threshold = 2
  log.addSink(({ text }) => lines.push(text))
  /** As a process has it that has just been started. */
  const open = (disk = systemDisk) => {
    const made = new FlatFolder(folder, true, log, disk)
    // A dead process closes nothing.
    if (disk === systemDisk) onTestFinished(() => made.close())
    return made
  }
  const read = (name: string) => readFileSync(join(folder, name), 'latin1')
  return { folder, lines, open, read, mark: join(folder, `.ohana_spool.${SPOOL}`) }
}

const numbered = (first: number, names: string, spool = SPOOL) => ({
  spool,
  first,
  rows: names.split('').map(name => ({ table: 'acc', cells: [cell('x', 'string', name)] })),
  sync: false,
})

test('those that are there are left out, of each spool for itself', async () => {
  const { open, read } = stage()
  const first = open().once
  await first.insertOnce(numbered(5, 'ab'))
  await first.insertOnce(numbered(5, 'ABCDEFG', 'other'))
  await first.insertOnce(numbered(6, 'bc'))
  const again = open().once
  await again.insertOnce(numbered(5, 'abcd'))
  await again.insertOnce(numbered(5, 'ABCDEFGH', 'other'))
  expect(read('acc_1.log').replaceAll('\n', '')).toBe('abABCDEFGcdH')
})

test('the number is known when the files are put away', async () => {
  const { folder, open, lines } = stage()
  const first = open()
  await first.once.insertOnce(numbered(1, 'ab'))
  renameSync(join(folder, 'acc_1.log'), join(folder, 'old'))
  await first.rotate()
  rmSync(join(folder, 'old'))
  await open().once.insertOnce(numbered(1, 'ab'))
  expect(readdirSync(folder).filter(name => name.endsWith('.log'))).toEqual([])
  expect(lines).toEqual([])
})

test('a file that was moved away after a kill is told of', async () => {
  const { folder, open, lines, read } = stage()
  const dying = new DyingDisk()
  await open(dying.disk).once.insertOnce(numbered(1, 'ab'))
  await dying.bury()
  rmSync(join(folder, 'acc_1.log'))
  await open().once.insertOnce(numbered(1, 'ab'))
  expect(read('acc_1.log')).toBe('a\nb\n')
  expect(lines).toEqual([
    `${folder}/acc_1.log was moved away after the node was killed: ` +
      'its last lines may be in the next file as well',
  ])
})

test('what a crash of the machine left of the mark counts for nothing', async () => {
  const { open, read, mark } = stage()
  await open().once.insertOnce(numbered(1, 'a'))
  writeFileSync(mark, '{"done"')
  await open().once.insertOnce(numbered(2, 'b'))
  expect(read('acc_1.log')).toBe('a\nb\n')
})

test('half a line of somebody else does not spoil the next one', async () => {
  const { folder, open, read } = stage()
  writeFileSync(join(folder, 'acc_1.log'), 'whole\nha')
  await open().once.insertOnce(numbered(1, 'a'))
  expect(read('acc_1.log')).toBe('whole\na\n')
})

/** A row of somebody who has no numbers. */
const other = (folder: FlatFolder) => folder.insert('acc', [cell('x', 'string', 'o')])

/** Steps before the lines are appended: mark aside, mark in place, file opened. */
const APPEND = 3

test('rows that failed half-way are taken back before others come', async () => {
  const { open, read } = stage()
  const dying = new DyingDisk()
  const folder = open(dying.disk)
  onTestFinished(() => dying.bury())
  await folder.insert('acc', [cell('x', 'string', 'first')])
  dying.untilFailure = APPEND - 1
  await expect(folder.once.insertOnce(numbered(1, 'abcd'))).rejects.toThrow('EIO')
  for (let i = 0; i < 4; i++) await other(folder)
  await folder.once.insertOnce(numbered(1, 'abcd'))
  expect(read('acc_1.log').split('\n').join(' ')).toBe('first o o o o a b c d ')
})

test('rows that a kill cut off half-way are taken back before others come', async () => {
  const { open, read } = stage()
  const dying = new DyingDisk()
  dying.left = APPEND
  dying.share = 'a part'
  void open(dying.disk).once.insertOnce(numbered(1, 'abcd'))
  await dying.death
  await dying.bury()
  expect(read('acc_1.log')).toBe('a\nb\n')
  const again = open()
  await other(again)
  await again.once.insertOnce(numbered(1, 'abcd'))
  expect(read('acc_1.log').split('\n').join(' ')).toBe('o a b c d ')
})

test('a spool is no path', () => {
  const doubts = { isDone: async () => true, forget: async () => undefined }
  expect(() => new OnceMark(systemDisk, '/', '../x', doubts)).toThrow('no name of a spool: ../x')
})
