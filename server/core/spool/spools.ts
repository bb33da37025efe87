/** The spools of a node: they are written before anything leaves it. */
import { join } from 'node:path'
import { ohanaSpool } from '../../../rpc/contract/ohana_spool.ts'
import type { ResultOf } from '../../../rpc/schema.ts'
import type { Random } from '../../lib/random.ts'
import { Timer, type Wheel } from '../../lib/wheel.ts'
import { groupId, userId } from '../accounts.ts'
import type { Counters } from '../counters.ts'
import type { Log } from '../log.ts'
import { BadValue } from '../module/index.ts'
import type { Network } from '../network.ts'
import type { NodeOptions } from '../options.ts'
import type { CoreParams } from '../params.ts'
import type { RpcRegistry } from '../rpc/registry.ts'
import { type SpoolFiles, systemFiles } from './files.ts'
import { lockFolder, unlockFolder } from './lock.ts'
import { type Deliver, SpoolPump } from './pump.ts'
import { Spool, type SpoolLimits } from './spool.ts'

/** What spools need of the core. */
export interface SpoolWorld {
  readonly log: Log
  readonly random: Random
  readonly timers: Wheel
  readonly counters: Counters
  readonly rpc: RpcRegistry
  readonly network: Pick<Network, 'beforeLeaving'>
  readonly options: Pick<NodeOptions, 'runDir'>
  readonly params: Pick<CoreParams, 'spool_dir' | 'spool_sync' | 'spool_reserve' | 'spool_max'>
}

const TICK_MS = 1000
const SEGMENT_BYTES = 8 * 1024 * 1024

/**
 * Beside the run directory's other files, but for one in /run, which does not survive a reboot, nor
 * with systemd the end of the service: what belongs to /run/x is in /var/lib/x.
 */
function folderFor(runDir: string): string {
  const inRun = /^(?:\/var)?\/run\/(.+)$/.exec(runDir)?.[1]
  return inRun === undefined ? join(runDir, 'spool') : join('/var/lib', inRun, 'spool')
}

/** One spool with what empties it. */
export class Delivery {
  readonly spool: Spool
  readonly pump: SpoolPump
  private readonly spools: Spools

  constructor(spools: Spools, spool: Spool, pump: SpoolPump) {
    this.spools = spools
    this.spool = spool
    this.pump = pump
  }

  /**
   * Takes a record. It is in its file before anything leaves the node from now on, and at the end
   * of this loop turn if nothing does.
   */
  append(record: string): void {
    this.spool.append(record)
    this.spools.touched()
  }

  /** Whether work that leads to records should be taken on. */
  get accepts(): boolean {
    return this.spool.accepts
  }

  async close(): Promise<void> {
    this.spool.commit()
    await this.pump.stop()
    this.spools.forget(this)
  }
}

export class Spools {
  private readonly world: SpoolWorld
  private readonly files: SpoolFiles
  private readonly all: Delivery[] = []
  private readonly timer: Timer
  private planned = false

  constructor(world: SpoolWorld, files: SpoolFiles = systemFiles) {
    this.world = world
    this.files = files
    this.timer = new Timer(() => this.tick())
    world.rpc.addModule<Spools, typeof ohanaSpool>(
      ohanaSpool,
      {
        'ohana.spool.status': self => self.status(),
        'ohana.spool.retry': self => self.retry(),
      },
      this,
    )
  }

  /**
   * Opens the spool of this name, or makes it. Throws BadValue when the folder cannot be used or
   * another process does. `deliver` is made with the spool at hand; nothing is delivered before
   * `pump.start`.
   */
  open(name: string, deliver: (spool: Spool) => Deliver): Delivery {
    const { log, timers, network, options, params } = this.world
    const folder = join(params.spool_dir || folderFor(options.runDir), name)
    const spool = this.openSpool(folder, name, {
      segment: SEGMENT_BYTES,
      reserve: params.spool_reserve * 1024,
      most: params.spool_max * 1024 * 1024,
      sync: params.spool_sync !== 0,
    })
    const delivery = new Delivery(this, spool, new SpoolPump(spool, deliver(spool), timers, log))
    if (this.all.length === 0) timers.arm(this.timer, TICK_MS)
    this.all.push(delivery)
    this.count(name, delivery)
    network.beforeLeaving = this.commit
    return delivery
  }

  /** Writes what was appended; false when something that is about to leave is to be withheld. */
  readonly commit = (): boolean => {
    let good = true
    for (let i = 0; i < this.all.length; i++) if (!this.all[i]!.spool.commit()) good = false
    return good
  }

  /** A record was appended: it is to be written even if nothing leaves in this turn. */
  touched(): void {
    if (this.planned) return
    this.planned = true
    queueMicrotask(this.commitLater)
  }

  /** The files are written by another user from now on (-u, -g); to be called before. */
  giveTo(user: string, group: string): void {
    const [uid, gid] = [userId(user), groupId(group)]
    for (const { spool } of this.all) {
      const names = this.files.names(spool.folder).map(name => join(spool.folder, name))
      for (const path of [spool.folder, ...names]) this.files.giveTo(path, uid, gid)
    }
  }

  forget(delivery: Delivery): void {
    const at = this.all.indexOf(delivery)
    if (at < 0) return
    this.all.splice(at, 1)
    const { spool } = delivery
    spool.close()
    unlockFolder(this.files, spool.folder)
    for (const name of COUNTED) this.world.counters.unregister('spool', `${spool.name}_${name}`)
    if (this.all.length > 0) return
    this.world.network.beforeLeaving = null
    this.world.timers.disarm(this.timer)
  }

  /** ohana.spool.status */
  status(): ResultOf<(typeof ohanaSpool)['ohana.spool.status']> {
    return this.all.map(({ spool, pump }) => ({
      name: spool.name,
      folder: spool.folder,
      state: spool.state,
      failure: spool.failure,
      pending: spool.pending,
      unwritten: spool.unwritten,
      delivered: spool.delivered,
      bytes: spool.bytes,
      segments: spool.segments,
      blocked: pump.blocked,
    }))
  }

  /** ohana.spool.retry */
  retry(): number {
    for (const { pump } of this.all) pump.retry()
    return this.all.length
  }

  private readonly commitLater = (): void => {
    this.planned = false
    this.commit()
  }

  private openSpool(folder: string, name: string, limits: SpoolLimits): Spool {
    const { log, random } = this.world
    try {
      this.files.makeFolder(folder)
      const other = lockFolder(this.files, folder, process.pid)
      if (other !== 0)
        throw new BadValue(
          `the spool ${folder} is used by process ${other}`,
          'each node needs a folder of its own',
        )
      const id = Array.from({ length: 4 }, () => random.uint32().toString(16).padStart(8, '0'))
      return new Spool(name, folder, id.join(''), limits, this.files, log)
    } catch (error) {
      if (error instanceof BadValue) throw error
      throw new BadValue(`the spool ${folder} cannot be opened: ${(error as Error).message}`)
    }
  }

  private tick(): void {
    for (const { spool } of this.all) spool.tick()
    this.world.timers.arm(this.timer, TICK_MS)
  }

  private count(name: string, { spool, pump }: Delivery): void {
    const read: Record<(typeof COUNTED)[number], [string, () => number]> = {
      pending: ['Records that wait to be delivered', () => spool.pending],
      bytes: ['Bytes of the files', () => spool.bytes],
      delivered: ['Records that were delivered, ever', () => spool.delivered],
      full: ['1 while the disk or the spool is full', () => (spool.accepts ? 0 : 1)],
      blocked: ['1 while records cannot be delivered', () => (pump.blocked === '' ? 0 : 1)],
    }
    for (const key of COUNTED)
      this.world.counters.register('spool', `${name}_${key}`, read[key][0], read[key][1])
  }
}

const COUNTED = ['pending', 'bytes', 'delivered', 'full', 'blocked'] as const
