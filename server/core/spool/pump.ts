/** Carries the records of a spool to where they belong, in order, until each has arrived. */
import type { Wheel } from '../../lib/wheel.ts'
import { Timer } from '../../lib/wheel.ts'
import type { Log } from '../log.ts'
import type { Batch } from './reader.ts'
import type { Spool } from './spool.ts'
import { Trouble } from './trouble.ts'

/**
 * Delivers records from the first on and says how many arrived, one at least. Rejects when none
 * could be delivered; why is in the message. Who delivers one by one acknowledges them itself as
 * well, so that a kill doubles one record at most.
 */
export type Deliver = (batch: Batch) => Promise<number>

const FIRST_PAUSE_MS = 250
const LONGEST_PAUSE_MS = 5000
/** Records gather for so long: a transaction costs more than a row. */
const GATHER_MS = 20
/** Records that are under way at once. */
const BATCH_RECORDS = 200

export class SpoolPump {
  private readonly spool: Spool
  private readonly deliver: Deliver
  private readonly timers: Wheel
  private readonly log: Log
  private readonly timer: Timer
  private readonly trouble: Trouble
  private pause = 0
  private running: Promise<void> | null = null
  private again = false
  private gathering: NodeJS.Timeout | null = null
  private stopped = false

  constructor(spool: Spool, deliver: Deliver, timers: Wheel, log: Log) {
    this.spool = spool
    this.deliver = deliver
    this.timers = timers
    this.log = log
    this.timer = new Timer(() => this.run())
    this.trouble = new Trouble(
      () => spool.seconds,
      (why, isFirst) => {
        const what = isFirst ? 'records wait, they' : `${spool.pending} records wait, they still`
        log.error('spool', `${spool.name}: ${what} cannot be delivered: ${why}`)
      },
    )
  }

  /** Why nothing is delivered; '' while it is. */
  get blocked(): string {
    return this.trouble.reason
  }

  start(): void {
    this.spool.onWritten = () => this.wake()
    this.run()
  }

  /** There is something to deliver; after a failure the pause before the next attempt is kept. */
  wake(): void {
    if (this.running !== null) this.again = true
    else if (!this.timer.armed && this.gathering === null)
      this.gathering = setTimeout(() => this.run(), GATHER_MS)
  }

  /** The other side is there again: no pause is kept. */
  retry(): void {
    this.timers.disarm(this.timer)
    this.pause = 0
    this.run()
  }

  /** Nothing is delivered any more when this resolves. */
  async stop(): Promise<void> {
    this.stopped = true
    this.spool.onWritten = null
    this.timers.disarm(this.timer)
    if (this.gathering !== null) clearTimeout(this.gathering)
    await this.running
  }

  private run(): void {
    if (this.gathering !== null) clearTimeout(this.gathering)
    this.gathering = null
    if (this.stopped || this.running !== null) return
    this.again = false
    this.running = this.empty().then(() => {
      this.running = null
      if (this.again && !this.stopped) this.wake()
    })
  }

  private async empty(): Promise<void> {
    try {
      while (!this.stopped) {
        const batch = await this.spool.take(BATCH_RECORDS)
        if (batch === null) return
        const count = await this.deliver(batch)
        this.flows()
        this.spool.acknowledge(count)
        // It has nearly caught up: what is left gathers with what comes.
        const { pending } = this.spool
        if (pending < BATCH_RECORDS) {
          if (pending > 0) this.again = true
          return
        }
      }
    } catch (error) {
      this.fails((error as Error).message)
    }
  }

  private flows(): void {
    this.pause = 0
    const { spool, trouble } = this
    if (trouble.reason === '') return
    if (!trouble.ends()) return
    const waited = `${spool.pending} waited, the first for ${trouble.seconds} s`
    this.log.notice('spool', `${spool.name}: records are delivered again: ${waited}`)
  }

  private fails(why: string): void {
    this.trouble.is(why)
    this.pause = Math.min(Math.max(FIRST_PAUSE_MS, this.pause * 2), LONGEST_PAUSE_MS)
    if (!this.stopped) this.timers.arm(this.timer, this.pause)
  }
}
