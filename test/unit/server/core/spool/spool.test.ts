import { appendFileSync, readdirSync, readFileSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { Log } from '../../../../../server/core/log.ts'
import { Spool, type SpoolLimits } from '../../../../../server/core/spool/spool.ts'
import { SmallDisk } from './small-disk.ts'

const LIMITS: SpoolLimits = { segment: 1000, reserve: 0, most: 1e9, sync: false }

function open(disk: SmallDisk, limits: Partial<SpoolLimits> = {}) {
  const lines: string[] = []
  const log = new Log(() => 0)
  log.threshold = 1
  log.addSink(({ text }) => lines.push(text))
  const spool = new Spool(
    'acc',
    disk.folder,
    'x'.repeat(32),
    { ...LIMITS, ...limits },
    disk.files,
    log,
  )
  return { spool, lines }
}

/** Appends records with these names, of about a hundred bytes each. */
function fill(spool: Spool, names: string[]): void {
  for (const name of names) spool.append(name.padEnd(100, '.'))
}

/** All that waits, in order, without acknowledging more than that. */
async function drain(spool: Spool, most = 7): Promise<string[]> {
  const found: string[] = []
  for (let batch = await spool.take(most); batch !== null; batch = await spool.take(most)) {
    found.push(...batch.records.map(record => record.replace(/\.+$/, '')))
    spool.acknowledge(batch.records.length)
  }
  return found
}

const numbered = (count: number, first = 0): string[] =>
  Array.from({ length: count }, (_, i) => `r${first + i}`)

const segmentsOf = (disk: SmallDisk): string[] =>
  readdirSync(disk.folder).filter(name => name.endsWith('.segment'))

test('gives records back in order, over many segments, and removes the delivered', async () => {
  const disk = new SmallDisk()
  const { spool } = open(disk)
  for (const name of numbered(100)) {
    fill(spool, [name])
    spool.commit()
  }
  expect(segmentsOf(disk).length).toBeGreaterThan(10)
  expect(spool.pending).toBe(100)
  expect(await drain(spool)).toEqual(numbered(100))
  expect(spool.pending).toBe(0)
  expect(segmentsOf(disk).length).toBe(1)
  spool.close()
})

test('writes all records of a turn at once, and nothing when there are none', () => {
  const disk = new SmallDisk()
  const { spool } = open(disk, { segment: 1e6 })
  const before = disk.writes
  fill(spool, numbered(500))
  expect(spool.commit()).toBe(true)
  expect(spool.commit()).toBe(true)
  expect(disk.writes).toBe(before + 1)
  spool.close()
})

test('gives the same records again until they are acknowledged', async () => {
  const disk = new SmallDisk()
  const { spool } = open(disk)
  fill(spool, ['a', 'b', 'c'])
  spool.commit()
  const first = await spool.take(10)
  expect(await spool.take(10)).toEqual(first)
  spool.acknowledge(1)
  expect((await spool.take(10))?.first).toBe(2)
  spool.close()
})

test('goes on after a kill where it was, with numbers that go on', async () => {
  const disk = new SmallDisk()
  const { spool } = open(disk)
  for (const name of numbered(30)) {
    fill(spool, [name])
    spool.commit()
  }
  await spool.take(12)
  spool.acknowledge(12)
  // No close: what a killed process leaves behind.
  const again = open(disk)
  expect(again.spool.pending).toBe(18)
  expect(again.spool.id).toBe(spool.id)
  fill(again.spool, ['new'])
  again.spool.commit()
  expect(await drain(again.spool)).toEqual([...numbered(18, 12), 'new'])
  expect(again.spool.delivered).toBe(31)
})

test('takes several acknowledgements for one batch, and notes each at once', async () => {
  const disk = new SmallDisk()
  const { spool } = open(disk)
  fill(spool, numbered(6))
  spool.commit()
  await spool.take(5)
  spool.acknowledge(1)
  spool.acknowledge(4)
  expect(await drain(open(disk).spool)).toEqual(numbered(2, 4))
})

test('sets aside what can never be delivered', () => {
  const disk = new SmallDisk()
  const { spool, lines } = open(disk)
  spool.setAside(1, '{"a":1}', 'too long')
  // Killed before it was acknowledged: the same one comes again.
  spool.setAside(1, '{"a":1}', 'too long')
  spool.setAside(2, '{"a":1}', 'too long')
  const text = readFileSync(join(disk.folder, 'rejected'), 'utf8')
  expect(text).toBe('1 "too long" {"a":1}\n2 "too long" {"a":1}\n')
  expect(lines).toHaveLength(2)
  spool.close()
})

test.for([
  [
    'a record that ends too early',
    (path: string) => truncateSync(path, readFileSync(path).length - 5),
  ],
  [
    'zeros, as a crashed file system leaves them',
    (path: string) => appendFileSync(path, Buffer.alloc(300)),
  ],
  ['half a frame', (path: string) => appendFileSync(path, Buffer.from([0, 0]))],
  ['bytes of anything', (path: string) => appendFileSync(path, 'x'.repeat(40))],
] as const)('cuts a tail of %s and says so', async ([what, harm]) => {
  const disk = new SmallDisk()
  const { spool } = open(disk, { segment: 1e6 })
  fill(spool, ['a', 'b', 'c'])
  spool.commit()
  harm(join(disk.folder, segmentsOf(disk)[0]!))
  const again = open(disk, { segment: 1e6 })
  expect(again.lines).toEqual([
    expect.stringMatching(/^acc: cut \d+ bytes that were no whole record$/),
  ])
  fill(again.spool, ['d'])
  again.spool.commit()
  const kept = what.startsWith('a record') ? ['a', 'b'] : ['a', 'b', 'c']
  expect(await drain(again.spool)).toEqual([...kept, 'd'])
})

test('keeps a damaged segment aside and goes on with the next', async () => {
  const disk = new SmallDisk()
  const { spool } = open(disk)
  for (const name of numbered(20)) {
    fill(spool, [name])
    spool.commit()
  }
  const [first] = segmentsOf(disk)
  const path = join(disk.folder, first!)
  const bytes = readFileSync(path)
  bytes[300] = bytes[300]! ^ 1
  writeFileSync(path, bytes)
  const { spool: again, lines } = open(disk)
  const found = await drain(again)
  expect(found.slice(0, 2)).toEqual(['r0', 'r1'])
  expect(found.at(-1)).toBe('r19')
  expect(lines).toEqual([expect.stringContaining('is damaged')])
  expect(readdirSync(disk.folder)).toContain(`${first}.damaged`)
})

test('gives up its reserve when the disk is full, says so once, and recovers', async () => {
  const disk = new SmallDisk()
  const { spool, lines } = open(disk, { reserve: 4000 })
  disk.room = disk.used + 250
  for (const name of numbered(6)) {
    fill(spool, [name])
    expect(spool.commit()).toBe(true)
  }
  expect(spool.accepts).toBe(false)
  expect(lines).toEqual([expect.stringMatching(/^acc: cannot write to .*: ENOSPC/)])
  spool.tick()
  expect(spool.accepts).toBe(false)
  disk.room = 1e6
  spool.tick()
  expect(spool.accepts).toBe(true)
  expect(lines.slice(1)).toEqual(['acc: there is room again'])
  expect(await drain(spool)).toEqual(numbered(6))
  spool.close()
})

test('withholds once what would leave, keeps the records, writes them when it can', async () => {
  const disk = new SmallDisk()
  const { spool } = open(disk, { reserve: 300 })
  disk.room = disk.used + 10
  const told = numbered(5).map(name => {
    fill(spool, [name])
    return [spool.commit(), spool.commit()]
  })
  // The reserve has room for some of them.
  expect(told).toEqual([
    [true, true],
    [true, true],
    [false, true],
    [false, true],
    [false, true],
  ])
  expect(spool.unwritten).toBe(3)
  disk.room = 1e6
  spool.tick()
  expect(spool.unwritten).toBe(0)
  expect(await drain(spool)).toEqual(numbered(5))
  // What the failed writes left in the file is not found by the next start.
  spool.close()
  expect(await drain(open(disk).spool)).toEqual([])
})

test('counts as full from its most bytes on and takes records all the same', async () => {
  const disk = new SmallDisk()
  const { spool, lines } = open(disk, { most: 2000 })
  for (const name of numbered(30)) {
    fill(spool, [name])
    spool.commit()
  }
  expect(spool.state).toBe('limit')
  expect(lines).toEqual([expect.stringMatching(/^acc: full: \d+ bytes wait/)])
  expect(await drain(spool)).toEqual(numbered(30))
  spool.tick()
  expect(spool.state).toBe('ok')
  spool.close()
})
