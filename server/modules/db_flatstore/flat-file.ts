/** One file to which lines are appended; those of one turn of the loop in one go. */
import { type FileHandle, open } from 'node:fs/promises'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { DbError } from '../../core/db/api.ts'

interface Waiting {
  readonly line: string
  readonly resolve: () => void
  readonly reject: (error: DbError) => void
}

export class FlatFile {
  private readonly path: string
  private waiting: Waiting[] = []
  private writing: Promise<void> | null = null
  private handle: FileHandle | null = null

  constructor(path: string) {
    this.path = path
  }

  /** Resolves when the line is written. */
  append(line: string): Promise<void> {
    return new Promise((resolve, reject) => {
      this.waiting.push({ line, resolve, reject })
      this.writing ??= this.writeAll()
    })
  }

  /** Behind what was given to it; the next line opens the file again. */
  async close(): Promise<void> {
    while (this.writing !== null) await this.writing
    const { handle } = this
    this.handle = null
    await handle?.close()
  }

  private async writeAll(): Promise<void> {
    await nextTurn()
    while (this.waiting.length > 0) {
      const waiting = this.waiting.splice(0)
      try {
        await this.write(waiting.map(({ line }) => line).join(''))
        for (const { resolve } of waiting) resolve()
      } catch (error) {
        const failed = new DbError('unavailable', (error as Error).message, { cause: error })
        for (const { reject } of waiting) reject(failed)
      }
    }
    this.writing = null
  }

  private async write(lines: string): Promise<void> {
    this.handle ??= await open(this.path, 'a')
    const { handle } = this
    const { size } = await handle.stat()
    try {
      await handle.appendFile(lines, 'latin1')
    } catch (error) {
      // Half a line would spoil the next one: who gave it gives it again.
      await handle.truncate(size).catch(() => undefined)
      throw error
    }
  }
}
