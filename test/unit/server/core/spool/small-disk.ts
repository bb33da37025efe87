// The file system with a disk that can be full, in a folder of its own.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import { type SpoolFiles, systemFiles } from '../../../../../server/core/spool/files.ts'

export class SmallDisk {
  /** Bytes that fit. */
  room = Number.POSITIVE_INFINITY
  readonly folder: string
  readonly files: SpoolFiles
  /** Every write that succeeded. */
  writes = 0
  #sizes = new Map<string, number>()
  #paths = new Map<number, string>()

  constructor() {
    this.folder = mkdtempSync(join(tmpdir(), 'ohana-spool-'))
    onTestFinished(() => rmSync(this.folder, { recursive: true, force: true }))
    this.files = {
      ...systemFiles,
      open: path => {
        const file = systemFiles.open(path)
        this.#paths.set(file, path)
        this.#sizes.set(path, systemFiles.size(file))
        return file
      },
      write: (file, bytes, position) => this.#write(file, bytes, position),
      cut: (file, size) => {
        systemFiles.cut(file, size)
        this.#sizes.set(this.#paths.get(file)!, size)
      },
      remove: path => {
        systemFiles.remove(path)
        this.#sizes.delete(path)
      },
    }
  }

  get used(): number {
    return [...this.#sizes.values()].reduce((sum, size) => sum + size, 0)
  }

  /** As the kernel does it: what still fits is written, and only the next attempt fails. */
  #write(file: number, bytes: Buffer, position: number): number {
    const path = this.#paths.get(file)!
    const size = this.#sizes.get(path)!
    const fits = Math.min(bytes.length, size - position + Math.max(0, this.room - this.used))
    if (fits <= 0) throw Object.assign(new Error('ENOSPC: no space left on device, write'), {})
    const written = systemFiles.write(file, bytes.subarray(0, fits), position)
    this.#sizes.set(path, Math.max(size, position + written))
    this.writes++
    return written
  }
}
