/** The reading end of a spool: records in order, as batches, until each is acknowledged. */
import type { SpoolFiles } from './files.ts'
import { CUT_OFF, DAMAGED, FRAME_BYTES, HEADER_BYTES, isHeaderOf, recordEnd } from './segment.ts'
import type { Segment, SpoolWriter } from './writer.ts'

/** Some records, the oldest first. */
export interface Batch {
  /** Number of the first. */
  readonly first: number
  readonly records: readonly string[]
}

interface Taken extends Batch {
  readonly records: string[]
  /** Where each record ends in its segment. */
  readonly ends: number[]
}

const READ_BYTES = 128 * 1024

export class SpoolReader {
  /** Number of the last record that was delivered. */
  acknowledged: number
  private readonly files: SpoolFiles
  private readonly writer: SpoolWriter
  private readonly damaged: (path: string) => void
  private file = -1
  /** The one that is read. */
  private segment: Segment | null = null
  /** Where the next record begins in the oldest segment, and its number; 0: not opened yet. */
  private position = 0
  private number = 0
  private taken: Taken | null = null

  /** `damaged` is told of a segment that could not be read to its end and was set aside. */
  constructor(
    files: SpoolFiles,
    writer: SpoolWriter,
    acknowledged: number,
    damaged: (path: string) => void,
  ) {
    this.files = files
    this.writer = writer
    this.acknowledged = acknowledged
    this.damaged = damaged
  }

  /**
   * The oldest records that are not acknowledged; null when there are none. The same ones again
   * when they were not acknowledged meanwhile.
   */
  async take(most: number): Promise<Batch | null> {
    for (;;) {
      const segment = this.writer.segments[0]!
      if (segment !== this.segment) {
        this.close()
        this.position = 0
        this.segment = segment
      }
      if (this.position === 0 && !this.openOldest(segment)) continue
      if (this.position >= segment.size) {
        if (segment === this.writer.active) return null
        this.files.remove(segment.path)
        this.dropOldest()
        continue
      }
      const taken = await this.read(segment, most, READ_BYTES)
      if (taken === null) continue
      this.taken = taken
      return taken
    }
  }

  /** The first `count` records of what was taken last have been delivered; later maybe more. */
  acknowledge(count: number): void {
    const { taken } = this
    if (taken === null || count === 0) return
    this.position = taken.ends[count - 1]!
    this.number = taken.first + count
    this.acknowledged = this.number - 1
  }

  close(): void {
    if (this.file >= 0) this.files.close(this.file)
    this.file = -1
  }

  private openOldest(segment: Segment): boolean {
    this.file = this.files.open(segment.path)
    const header = Buffer.alloc(HEADER_BYTES)
    this.files.read(this.file, header, 0)
    this.position = HEADER_BYTES
    this.number = segment.first
    if (isHeaderOf(header, segment.first)) return true
    this.setAside(segment)
    return false
  }

  private dropOldest(): void {
    this.close()
    this.position = 0
    this.writer.segments.shift()
  }

  /** Nothing behind a damaged record can be found: the file is kept for a human being. */
  private setAside(segment: Segment): void {
    this.files.rename(segment.path, `${segment.path}.damaged`)
    if (segment === this.writer.active) this.writer.rotate()
    this.dropOldest()
    this.damaged(segment.path)
  }

  /** null: what was read is of no use, and where to read has changed. */
  private async read(segment: Segment, most: number, size: number): Promise<Taken | null> {
    const { position } = this
    const rest = segment.size - position
    const bytes = Buffer.alloc(Math.min(size, rest))
    const got = await this.files.readLater(this.file, bytes, position)
    const taken: Taken = { first: this.number, records: [], ends: [] }
    let at = 0
    let end = recordEnd(bytes, at)
    for (; end > CUT_OFF && taken.records.length < most; end = recordEnd(bytes, at)) {
      // After a restart: what was delivered before.
      if (this.number <= this.acknowledged) {
        this.number++
        this.position = position + end
        at = end
        continue
      }
      taken.records.push(bytes.toString('latin1', at + FRAME_BYTES, end))
      taken.ends.push(position + end)
      at = end
    }
    if (taken.records.length > 0) return { ...taken, first: this.number }
    if (this.position > position) return null
    if (end === DAMAGED || got < bytes.length || bytes.length === rest) {
      this.setAside(segment)
      return null
    }
    return this.read(segment, most, size * 2)
  }
}
