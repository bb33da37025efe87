/**
 * Records that must not be lost on their way to a database or another server: they are in a local
 * file before anything that tells of them leaves the node, and stay there until they have arrived.
 * See docs/decisions/ and the README of this folder.
 */
import { join } from 'node:path'
import { crc32 } from 'node:zlib'
import type { Log } from '../log.ts'
import type { SpoolFiles } from './files.ts'
import { type Batch, SpoolReader } from './reader.ts'
import { SpoolReserve } from './reserve.ts'
import { Trouble } from './trouble.ts'
import { SpoolWriter } from './writer.ts'

export interface SpoolLimits {
  /** Bytes of a segment. */
  readonly segment: number
  /** Bytes on disk that are given up when it is full, for records of what was accepted before. */
  readonly reserve: number
  /** Bytes from which on the spool counts as full. */
  readonly most: number
  /** Writes reach the disk, not only the kernel, before anything leaves. */
  readonly sync: boolean
}

export type SpoolState =
  | 'ok'
  /** It has its most bytes: records are still taken, new work is to be refused. */
  | 'limit'
  /** Writing fails. */
  | 'disk'

const PROGRESS_BYTES = 12

/** `limit` ends when so much of it is free again. */
const ROOM_AGAIN = 0.9

export class Spool {
  readonly name: string
  readonly folder: string
  /** Names this spool in a database, whatever host and folder it is in. */
  readonly id: string
  state: SpoolState = 'ok'
  /** Since it was opened. */
  seconds = 0
  /** Called when records have been written. */
  onWritten: (() => void) | null = null
  private readonly files: SpoolFiles
  private readonly limits: SpoolLimits
  private readonly log: Log
  private readonly writer: SpoolWriter
  private readonly reader: SpoolReader
  private readonly reserve: SpoolReserve
  private readonly trouble: Trouble
  private readonly progress: number
  private progressSlot = 0
  /** Records that were waiting in memory when writing failed last. */
  private withheld = 0

  constructor(
    name: string,
    folder: string,
    id: string,
    limits: SpoolLimits,
    files: SpoolFiles,
    log: Log,
  ) {
    this.name = name
    this.folder = folder
    this.limits = limits
    this.files = files
    this.log = log
    this.trouble = new Trouble(
      () => this.seconds,
      (why, isFirst) => {
        const what = isFirst ? 'cannot' : 'still cannot'
        log.error('spool', `${name}: ${what} write to ${folder}: ${why}`)
      },
    )
    files.makeFolder(folder)
    files.makeText(join(folder, 'id'), id)
    this.id = files.readText(join(folder, 'id'))!.trim()
    this.progress = files.open(join(folder, 'delivered'))
    const delivered = this.readProgress()
    this.writer = new SpoolWriter(files, folder, delivered)
    if (this.writer.cutBytes > 0)
      log.warn('spool', `${name}: cut ${this.writer.cutBytes} bytes that were no whole record`)
    this.reader = new SpoolReader(files, this.writer, delivered, path =>
      log.error(
        'spool',
        `${name}: ${path} is damaged; what can be read of it was, it is kept aside`,
      ),
    )
    this.reserve = new SpoolReserve(files, join(folder, 'reserve'), limits.reserve)
    this.tick()
  }

  /** Why writing fails; '' while it does not. */
  get failure(): string {
    return this.trouble.reason
  }

  /** Whether work that leads to records should be taken on. */
  get accepts(): boolean {
    return this.state === 'ok'
  }

  /** Records that have not been delivered, with those that are not in a file yet. */
  get pending(): number {
    return this.writer.written + this.writer.unwritten - this.reader.acknowledged
  }

  get unwritten(): number {
    return this.writer.unwritten
  }

  get bytes(): number {
    return this.writer.bytes
  }

  /** What is written is to survive the loss of power, too. */
  get sync(): boolean {
    return this.limits.sync
  }

  get segments(): number {
    return this.writer.segments.length
  }

  /** Number of the last record that was delivered. */
  get delivered(): number {
    return this.reader.acknowledged
  }

  append(record: string): void {
    this.writer.append(record)
  }

  /**
   * Writes what was appended. False when it cannot be written and nobody was told so before: what
   * is about to leave is to be withheld then.
   */
  commit(): boolean {
    const { unwritten } = this.writer
    if (unwritten === 0) return true
    if (this.state === 'disk' && unwritten === this.withheld) return true
    if (this.write()) return true
    this.withheld = unwritten
    return false
  }

  /** Once a second: tries again what failed. */
  tick(): void {
    this.seconds++
    if (this.state === 'disk') this.noteDelivered()
    if (this.state === 'disk' && this.write() && this.reserve.keep()) this.recovered()
    else if (this.state === 'limit' && this.bytes < this.limits.most * ROOM_AGAIN) this.recovered()
    else if (this.state === 'ok' && !this.reserve.keep())
      this.fail('there is no room for the reserve')
  }

  take(most: number): Promise<Batch | null> {
    return this.reader.take(most)
  }

  /** The first `count` records of what was taken last have arrived. */
  acknowledge(count: number): void {
    this.reader.acknowledge(count)
    this.noteDelivered()
  }

  warn(text: string): void {
    this.log.warn('spool', `${this.name}: ${text}`)
  }

  /**
   * Puts a record that can never be delivered into a file for a human being; once, though the node
   * may be killed before this is acknowledged.
   */
  setAside(number: number, record: string, why: string): void {
    const { files, folder, name } = this
    const file = files.open(join(folder, 'rejected'))
    try {
      const line = Buffer.from(`${number} ${JSON.stringify(why)} ${record}\n`, 'latin1')
      const size = files.size(file)
      const tail = Buffer.alloc(Math.min(size, line.length))
      files.read(file, tail, size - tail.length)
      if (tail.equals(line)) return
      for (let at = 0; at < line.length; ) at += files.write(file, line.subarray(at), size + at)
      files.sync(file)
    } finally {
      files.close(file)
    }
    this.log.error('spool', `${name}: a record is set aside in ${folder}/rejected: ${why}`)
  }

  close(): void {
    this.commit()
    this.reader.close()
    this.writer.close()
    this.files.close(this.progress)
  }

  private write(): boolean {
    try {
      this.writer.write(this.limits.sync)
    } catch (error) {
      if (!this.reserve.release()) return this.fail((error as Error).message)
      this.fail((error as Error).message)
      try {
        this.writer.write(this.limits.sync)
      } catch {
        return false
      }
    }
    this.withheld = 0
    this.makeRoom()
    this.onWritten?.()
    return true
  }

  /** Segments that are full, or that hold nothing but what was delivered, come to an end. */
  private makeRoom(): void {
    const { writer, limits } = this
    if (writer.active.size >= limits.segment) this.renew(() => writer.rotate())
    if (this.state === 'ok' && writer.bytes > limits.most) {
      this.state = 'limit'
      this.log.error('spool', `${this.name}: full: ${writer.bytes} bytes wait to be delivered`)
    }
  }

  private renew(how: () => void): void {
    try {
      how()
    } catch (error) {
      this.fail((error as Error).message)
    }
  }

  private fail(why: string): false {
    this.state = 'disk'
    this.trouble.is(why)
    return false
  }

  private recovered(): void {
    const wasTold = this.trouble.ends() || this.state === 'limit'
    this.state = 'ok'
    if (wasTold) this.log.notice('spool', `${this.name}: there is room again`)
  }

  private noteDelivered(): void {
    const { writer, reader, limits } = this
    const bytes = Buffer.alloc(PROGRESS_BYTES)
    bytes.writeBigUInt64BE(BigInt(reader.acknowledged), 0)
    bytes.writeUInt32BE(crc32(bytes.subarray(0, 8)), 8)
    // In turns: a write that is torn by a crash leaves the one before.
    const slot = this.progressSlot * PROGRESS_BYTES
    this.progressSlot = 1 - this.progressSlot
    try {
      if (this.files.write(this.progress, bytes, slot) < PROGRESS_BYTES)
        throw new Error('no room for the number of the last record')
    } catch (error) {
      // The numbers in the files are the only ones that are sure then: they stay as they are.
      this.fail((error as Error).message)
      return
    }
    const idle = reader.acknowledged === writer.written && writer.unwritten === 0
    const large = writer.active.size * 8 > limits.segment || this.state !== 'ok'
    if (idle && large) this.renew(() => writer.startOver())
  }

  private readProgress(): number {
    const bytes = Buffer.alloc(2 * PROGRESS_BYTES)
    const there = this.files.read(this.progress, bytes, 0)
    // The room for it is taken now, not when the disk is full.
    if (there < bytes.length) this.files.write(this.progress, bytes, 0)
    const [first, second] = [0, 1].map(slot => {
      const own = bytes.subarray(slot * PROGRESS_BYTES, (slot + 1) * PROGRESS_BYTES)
      return crc32(own.subarray(0, 8)) === own.readUInt32BE(8) ? Number(own.readBigUInt64BE(0)) : 0
    }) as [number, number]
    this.progressSlot = first > second ? 1 : 0
    return Math.max(first, second)
  }
}
