/**
 * Room on the disk that is kept for bad times: when it is full, this file goes, and the records of
 * what was accepted before still find a place.
 */
import type { SpoolFiles } from './files.ts'

const CHUNK_BYTES = 64 * 1024

export class SpoolReserve {
  private readonly files: SpoolFiles
  private readonly path: string
  private readonly bytes: number
  private held = false

  constructor(files: SpoolFiles, path: string, bytes: number) {
    this.files = files
    this.path = path
    this.bytes = bytes
  }

  /** Takes the room if it is not held; false when there is not enough. */
  keep(): boolean {
    if (this.held || this.bytes === 0) return true
    const file = this.files.open(this.path)
    try {
      // Zeros that are really written: a hole would take no room.
      const chunk = Buffer.alloc(CHUNK_BYTES)
      for (let at = this.files.size(file); at < this.bytes; ) {
        const rest = Math.min(CHUNK_BYTES, this.bytes - at)
        at += this.files.write(file, chunk.subarray(0, rest), at)
      }
      this.held = true
    } catch {
      this.files.cut(file, 0)
    } finally {
      this.files.close(file)
    }
    return this.held
  }

  /** Gives the room back; false when there is none to give. */
  release(): boolean {
    if (!this.held) return false
    this.files.remove(this.path)
    this.held = false
    return true
  }
}
