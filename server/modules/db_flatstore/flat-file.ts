/** One file to which lines are appended; those of one turn of the loop in one go. */
import { setImmediate as nextTurn } from 'node:timers/promises'
import { crc32 } from 'node:zlib'
import { DbError } from '../../core/db/api.ts'
import type { Disk, GrowingFile } from '../../core/db/disk.ts'

/** Where in which file bytes are, and which. */
export interface Place {
  readonly ino: number
  readonly from: number
  readonly to: number
  readonly crc: number
}

/** What must be true before and after lines are appended that may come again. */
export interface Care {
  /** Told where they will be before the first byte is written. */
  note(place: Place): Promise<void>
  readonly sync: boolean
}

interface Waiting {
  readonly lines: string
  readonly care: Care | null
  readonly resolve: () => void
  readonly reject: (error: DbError) => void
}

const CHUNK_BYTES = 64 * 1024
const LINE_END = 10

export class FlatFile {
  private readonly disk: Disk
  private readonly path: string
  private waiting: Waiting[] = []
  private writing: Promise<void> | null = null
  private file: GrowingFile | null = null

  constructor(disk: Disk, path: string) {
    this.disk = disk
    this.path = path
  }

  /** Resolves when the lines are written. */
  append(lines: string, care: Care | null = null): Promise<void> {
    return new Promise((resolve, reject) => {
      this.waiting.push({ lines, care, resolve, reject })
      this.writing ??= this.writeAll()
    })
  }

  /** Behind what was given to it; the next line opens the file again. */
  async close(): Promise<void> {
    while (this.writing !== null) await this.writing
    const { file } = this
    this.file = null
    await file?.close()
  }

  private async writeAll(): Promise<void> {
    await nextTurn()
    while (this.waiting.length > 0) {
      const some = this.waiting.splice(0, this.together())
      try {
        await this.write(some.map(({ lines }) => lines).join(''), some[0]!.care)
        for (const { resolve } of some) resolve()
      } catch (error) {
        const failed = new DbError('unavailable', (error as Error).message, { cause: error })
        for (const { reject } of some) reject(failed)
      }
    }
    this.writing = null
  }

  /** How many go in one write: what has a care goes alone. */
  private together(): number {
    const careful = this.waiting.findIndex(({ care }) => care !== null)
    return careful < 0 ? this.waiting.length : Math.max(1, careful)
  }

  private async write(lines: string, care: Care | null): Promise<void> {
    this.file ??= await this.open()
    const { file } = this
    const { ino, size } = await file.facts()
    const crc = crc32(Buffer.from(lines, 'latin1'))
    if (care !== null) await care.note({ ino, from: size, to: size + lines.length, crc })
    try {
      await file.append(lines)
      if (care?.sync === true) await file.sync()
    } catch (error) {
      // Half a line would spoil the next one: who gave it gives it again.
      await file.cut(size).catch(() => this.letGo(file))
      throw error
    }
  }

  /** What a killed process wrote of a line is cut off. */
  private async open(): Promise<GrowingFile> {
    const file = await this.disk.grow(this.path)
    try {
      const { size } = await file.facts()
      const end = await this.endOfLines(size)
      if (end < size) await file.cut(end)
      return file
    } catch (error) {
      await file.close()
      throw error
    }
  }

  /** Where the last whole line ends. */
  private async endOfLines(size: number): Promise<number> {
    for (let end = size; end > 0; ) {
      const from = Math.max(0, end - CHUNK_BYTES)
      const bytes = await this.disk.readPart(this.path, from, end - from)
      const at = bytes.lastIndexOf(LINE_END)
      if (at >= 0) return from + at + 1
      end = from
    }
    return 0
  }

  private async letGo(file: GrowingFile): Promise<void> {
    this.file = null
    await file.close()
  }
}
