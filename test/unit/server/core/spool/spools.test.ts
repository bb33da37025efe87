import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { checkValue } from '../../../../../rpc/check.ts'
import { Counters } from '../../../../../server/core/counters.ts'
import { Log } from '../../../../../server/core/log.ts'
import { RpcRegistry } from '../../../../../server/core/rpc/registry.ts'
import type { Batch } from '../../../../../server/core/spool/reader.ts'
import type { SpoolFiles } from '../../../../../server/core/spool/files.ts'
import { Spools } from '../../../../../server/core/spool/spools.ts'
import { SeededRandom } from '../../../../../server/lib/random.ts'
import { Wheel } from '../../../../../server/lib/wheel.ts'
import { SmallDisk } from './small-disk.ts'

class Stage {
  readonly disk = new SmallDisk()
  readonly lines: string[] = []
  readonly network: { beforeLeaving: (() => boolean) | null } = { beforeLeaving: null }
  readonly delivered: string[] = []
  readonly counters = new Counters()
  readonly timers: Wheel
  readonly rpc = new RpcRegistry()
  readonly spools: Spools
  readonly spoolsIn: (runDir: string, files: SpoolFiles) => Spools
  away = false
  /** Why it is away. */
  why = 'nobody there'
  #now = 0

  constructor() {
    const log = new Log(() => 0)
    log.threshold = 1
    log.addSink(({ text }) => this.lines.push(text))
    const clock = { now: () => this.#now, monotonic: () => this.#now }
    this.timers = new Wheel(clock, error => {
      throw error
    })
    const { counters, timers, network } = this
    const { rpc } = this
    const random = new SeededRandom(1)
    const params = { spool_dir: '', spool_sync: 0, spool_reserve: 0, spool_max: 1000 }
    this.spoolsIn = (runDir, files) => {
      const options = { runDir }
      return new Spools({ log, random, timers, counters, rpc, network, params, options }, files)
    }
    this.spools = this.spoolsIn(this.disk.folder, this.disk.files)
  }

  open(name = 'acc') {
    return this.spools.open(name, () => batch => this.deliver(batch))
  }

  /** What a command answers; its shape is looked at, too. */
  async command(name: 'ohana.spool.status' | 'ohana.spool.retry'): Promise<unknown> {
    const strictness = { convert: false, skipWrongOptional: false }
    const caller = { transport: 'stream', strictness, connection: null } as const
    const { value, shape } = await this.rpc.call(name, [], caller)
    expect(checkValue(shape, value)).toBeNull()
    return value
  }

  async pass(milliseconds: number): Promise<void> {
    for (let left = milliseconds; left > 0; left -= 50) {
      this.#now += 50
      this.timers.run()
      await settled()
    }
  }

  private async deliver({ records }: Batch): Promise<number> {
    await Promise.resolve()
    if (this.away) throw new Error(this.why)
    this.delivered.push(...records)
    return records.length
  }
}

/** Reads from files take a moment of the world, too: those that were asked for before ours. */
async function settled(): Promise<void> {
  await new Promise(resolve => setTimeout(resolve, 2))
  await stat('.')
}

test('what was appended is in its file before anything leaves', async () => {
  const stage = new Stage()
  const acc = stage.open()
  acc.append('a')
  expect(acc.spool.unwritten).toBe(1)
  expect(stage.network.beforeLeaving!()).toBe(true)
  expect(acc.spool.unwritten).toBe(0)
  acc.append('b')
  await Promise.resolve()
  expect(acc.spool.unwritten).toBe(0)
  await acc.close()
  expect(stage.network.beforeLeaving).toBeNull()
})

test('waits while the other side is away, longer each time, then delivers in order', async () => {
  const stage = new Stage()
  stage.away = true
  const acc = stage.open()
  acc.pump.start()
  for (const name of ['a', 'b', 'c']) acc.append(name)
  await Promise.resolve()
  await stage.pass(3000)
  expect(stage.lines).toEqual(['acc: records wait, they cannot be delivered: nobody there'])
  expect(await stage.command('ohana.spool.status')).toMatchObject([
    { name: 'acc', pending: 3, blocked: 'nobody there' },
  ])
  expect(stage.counters.find('spool', 'acc_pending')!.current()).toBe(3)
  stage.away = false
  acc.append('d')
  await stage.pass(5000)
  expect(stage.delivered).toEqual(['a', 'b', 'c', 'd'])
  expect(stage.lines.slice(1)).toEqual([
    expect.stringMatching(/^acc: records are delivered again: 4 waited, the first for [3-8] s$/),
  ])
  await acc.close()
})

test('tells of another reason, and not more often than now and then', async () => {
  const stage = new Stage()
  stage.away = true
  const acc = stage.open()
  acc.pump.start()
  for (const name of ['a', 'b']) acc.append(name)
  await stage.pass(3000)
  stage.why = 'sqlite:// is away: nobody there'
  await stage.pass(15_000)
  expect(stage.lines).toHaveLength(1)
  stage.why = 'no such table'
  await stage.pass(6000)
  stage.why = 'disk full'
  await stage.pass(4000)
  const second = 'acc: 2 records wait, they still cannot be delivered: no such table'
  expect(stage.lines.slice(1)).toEqual([second])
  await stage.pass(12_000)
  expect(stage.lines.slice(2)).toEqual([second.replace('no such table', 'disk full')])
  stage.away = false
  await stage.pass(6000)
  expect(stage.lines.slice(3)).toEqual([
    expect.stringMatching(/^acc: records are delivered again: 2 waited, the first for \d\d s$/),
  ])
  await acc.close()
})

test('ohana.spool.retry does not wait for the pause to end', async () => {
  const stage = new Stage()
  stage.away = true
  const acc = stage.open()
  acc.pump.start()
  acc.append('a')
  await stage.pass(3000)
  stage.away = false
  expect(await stage.command('ohana.spool.retry')).toBe(1)
  await settled()
  expect(stage.delivered).toEqual(['a'])
  await acc.close()
})

test('the default folder survives a reboot', async () => {
  const stage = new Stage()
  const made: string[] = []
  const files = { ...stage.disk.files, makeFolder: (path: string) => void made.push(path) }
  for (const runDir of ['/run/kamailio', '/var/run/kamailio', '/srv/node'])
    expect(() => stage.spoolsIn(runDir, files).open('acc', () => () => Promise.resolve(0))).toThrow(
      /cannot be opened/,
    )
  expect(made).toEqual([
    '/var/lib/kamailio/spool/acc',
    '/var/lib/kamailio/spool/acc',
    '/srv/node/spool/acc',
  ])
})

test('the files are given to whom the node becomes', async () => {
  const stage = new Stage()
  const given: string[] = []
  const giveTo = (path: string, user: number, group: number): void =>
    void given.push(`${path.slice(stage.disk.folder.length)} ${user} ${group}`)
  const spools = stage.spoolsIn(stage.disk.folder, { ...stage.disk.files, giveTo })
  const acc = spools.open('acc', () => () => Promise.resolve(0))
  spools.giveTo('1', '')
  // The folder above may be anybody's.
  expect(given).not.toContain('/spool 1 -1')
  expect(given).toContain('/spool/acc 1 -1')
  expect(given).toContain('/spool/acc/0000000000000001.segment 1 -1')
  await acc.close()
})

test('a folder belongs to one process', async () => {
  const stage = new Stage()
  const lock = join(stage.disk.folder, 'spool', 'acc', 'lock')
  const { files } = stage.disk
  files.makeFolder(join(stage.disk.folder, 'spool', 'acc'))
  const began = files.readText('/proc/1/stat')!.split(') ')[1]!.split(' ')[19]
  files.makeText(lock, `1 ${began}`)
  expect(() => stage.open()).toThrow(/acc is used by process 1$/)
  // One that is gone, and whose number another process has now.
  files.remove(lock)
  files.makeText(lock, '1 12')
  const acc = stage.open()
  expect(files.readText(lock)).toMatch(new RegExp(`^${process.pid} \\d+$`))
  await acc.close()
  expect(files.readText(lock)).toBeNull()
})
