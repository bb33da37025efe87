/**
 * The writing end of a spool: records gather in memory within a loop turn and go to the newest
 * segment in one write.
 */
import { join } from 'node:path'
import type { SpoolFiles } from './files.ts'
import {
  CUT_OFF,
  FRAME_BYTES,
  firstOf,
  HEADER_BYTES,
  isHeaderOf,
  recordEnd,
  segmentHeader,
  segmentName,
  writeRecord,
} from './segment.ts'

export interface Segment {
  /** Number of its first record. */
  readonly first: number
  readonly path: string
  /** Bytes that are whole records. */
  size: number
}

const FIRST_BUFFER_BYTES = 64 * 1024

export class SpoolWriter {
  /** The oldest first; the newest is the one that is written to. */
  readonly segments: Segment[] = []
  /** Number of the last record that is in a file. */
  written = 0
  /** Bytes of a tail that was no record any more and was cut off when the spool was opened. */
  cutBytes = 0
  private readonly files: SpoolFiles
  private readonly folder: string
  private file = -1
  /** The header of the newest segment has still to be written anew. */
  private isStale = false
  private pending: Buffer = Buffer.alloc(FIRST_BUFFER_BYTES)
  private fill = 0
  /** Records in `pending`. */
  unwritten = 0

  /** `acknowledged` is the last record that was delivered, as far as is known. */
  constructor(files: SpoolFiles, folder: string, acknowledged: number) {
    this.files = files
    this.folder = folder
    const firsts = files
      .names(folder)
      .map(firstOf)
      .filter(first => first >= 0)
    for (const first of firsts.sort((a, b) => a - b)) {
      const path = join(folder, segmentName(first))
      this.segments.push({ first, path, size: files.sizeOf(path) })
    }
    const newest = this.segments.at(-1)
    if (newest === undefined) this.begin(acknowledged + 1)
    else this.goOn(newest, acknowledged)
    // It died while it gave room back: these numbers have been used.
    if (this.written < acknowledged) this.renew(acknowledged + 1)
  }

  get active(): Segment {
    return this.segments.at(-1)!
  }

  /** Bytes that are in files. */
  get bytes(): number {
    let sum = 0
    for (const { size } of this.segments) sum += size
    return sum
  }

  /** Takes a record; it is in a file after the next `write`. */
  append(record: string): void {
    const end = this.fill + FRAME_BYTES + record.length
    if (end > this.pending.length) {
      const larger = Buffer.alloc(Math.max(end, this.pending.length * 2))
      this.pending.copy(larger, 0, 0, this.fill)
      this.pending = larger
    }
    this.fill = writeRecord(this.pending, this.fill, record)
    this.unwritten++
  }

  /**
   * Puts what has gathered into the file. Throws the system's error; then all of it is still
   * there for the next attempt, which writes over what this one has begun.
   */
  write(sync: boolean): void {
    if (this.isStale) this.relabel()
    const { active, file, fill, files } = this
    for (let from = 0; from < fill; )
      from += files.write(file, this.pending.subarray(from, fill), active.size + from)
    if (sync) files.sync(file)
    active.size += fill
    this.written += this.unwritten
    this.unwritten = 0
    this.fill = 0
    if (this.pending.length > FIRST_BUFFER_BYTES) this.pending = Buffer.alloc(FIRST_BUFFER_BYTES)
  }

  /** Begins another segment. Throws the system's error; then the old one goes on. */
  rotate(): void {
    if (this.isStale) this.relabel()
    // What a failed write left behind would be found behind the records otherwise.
    this.files.cut(this.file, this.active.size)
    this.renew(this.written + 1)
  }

  /**
   * The same when all of it has been delivered, in the same file, so that no room is needed. Throws
   * the system's error; then the next write tries again.
   */
  startOver(): void {
    if (this.active.size === HEADER_BYTES) return
    this.active.size = HEADER_BYTES
    this.files.cut(this.file, HEADER_BYTES)
    this.isStale = true
    this.relabel()
  }

  /** The segment is empty, and its numbers go on where those that were in it ended. */
  private relabel(): void {
    const first = this.written + 1
    const path = join(this.folder, segmentName(first))
    if (this.files.write(this.file, segmentHeader(first), 0) < HEADER_BYTES)
      throw new Error(`no room for ${path}`)
    // A kill before this leaves a file whose name is not the one in its header: it is set aside.
    this.files.rename(this.active.path, path)
    this.segments[this.segments.length - 1] = { first, path, size: HEADER_BYTES }
    this.isStale = false
  }

  private renew(first: number): void {
    const { file } = this
    this.begin(first)
    this.files.close(file)
  }

  close(): void {
    this.files.close(this.file)
  }

  private begin(first: number): void {
    const path = join(this.folder, segmentName(first))
    const file = this.files.open(path)
    try {
      if (this.files.write(file, segmentHeader(first), 0) < HEADER_BYTES)
        throw new Error(`no room for ${path}`)
    } catch (error) {
      this.files.close(file)
      this.files.remove(path)
      throw error
    }
    this.segments.push({ first, path, size: HEADER_BYTES })
    this.file = file
    this.written = first - 1
  }

  /** Writes behind the last whole record of a segment that was there. */
  private goOn(newest: Segment, acknowledged: number): void {
    const { files } = this
    const file = files.open(newest.path)
    const bytes = Buffer.alloc(files.size(file))
    files.read(file, bytes, 0)
    if (!isHeaderOf(bytes, newest.first)) {
      // The node died while it was begun, or it is none of ours: nothing can be read from it.
      files.close(file)
      this.segments.pop()
      this.cutBytes += bytes.length
      files.rename(newest.path, `${newest.path}.damaged`)
      this.begin(Math.max(newest.first, acknowledged + 1))
      return
    }
    let at = HEADER_BYTES
    this.written = newest.first - 1
    for (let end = recordEnd(bytes, at); end > CUT_OFF; end = recordEnd(bytes, at)) {
      at = end
      this.written++
    }
    this.cutBytes += bytes.length - at
    if (at < bytes.length) files.cut(file, at)
    newest.size = at
    this.file = file
  }
}
