/** What databases that are files ask of the file system: a door, so that tests can break it. */
import type { Stats } from 'node:fs'
import { open, readdir, readFile, rename, rm, stat } from 'node:fs/promises'

/** What the system says about a file. */
export interface FileFacts {
  readonly ino: number
  readonly size: number
  readonly mtimeMs: number
  readonly mode: number
  readonly isFolder: boolean
}

/** A file that only grows; texts are latin1. */
export interface GrowingFile {
  facts(): Promise<FileFacts>
  append(text: string): Promise<void>
  cut(size: number): Promise<void>
  sync(): Promise<void>
  close(): Promise<void>
}

/** All of them reject with the system's error. */
export interface Disk {
  read(path: string): Promise<string>
  /** The bytes behind the first `from`; fewer than `size` at its end. */
  readPart(path: string, from: number, size: number): Promise<Uint8Array>
  /** null when it is not there. */
  facts(path: string): Promise<FileFacts | null>
  names(folder: string): Promise<string[]>
  /** A new file, or all of one; it may be there in part when this rejects. */
  write(path: string, parts: Iterable<string>, options: WriteOptions): Promise<void>
  grow(path: string): Promise<GrowingFile>
  cut(path: string, size: number): Promise<void>
  rename(from: string, to: string): Promise<void>
  /** Or it was not there. */
  remove(path: string): Promise<void>
}

export interface WriteOptions {
  /** It survives the loss of power. */
  readonly sync: boolean
  readonly mode?: number | undefined
}

const factsOf = (found: Stats): FileFacts => ({
  ino: found.ino,
  size: found.size,
  mtimeMs: found.mtimeMs,
  mode: found.mode & 0o777,
  isFolder: found.isDirectory(),
})

async function factsAt(path: string): Promise<FileFacts | null> {
  try {
    return factsOf(await stat(path))
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null
    throw error
  }
}

async function write(path: string, parts: Iterable<string>, options: WriteOptions): Promise<void> {
  const file = await open(path, 'w')
  try {
    for (const part of parts) await file.appendFile(part, 'latin1')
    if (options.mode !== undefined) await file.chmod(options.mode)
    if (options.sync) await file.datasync()
  } finally {
    await file.close()
  }
}

async function readPart(path: string, from: number, size: number): Promise<Uint8Array> {
  const file = await open(path, 'r')
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(size), 0, size, from)
    return buffer.subarray(0, bytesRead)
  } finally {
    await file.close()
  }
}

async function grow(path: string): Promise<GrowingFile> {
  const file = await open(path, 'a')
  return {
    facts: async () => factsOf(await file.stat()),
    append: text => file.appendFile(text, 'latin1'),
    cut: size => file.truncate(size),
    sync: () => file.datasync(),
    close: () => file.close(),
  }
}

async function cut(path: string, size: number): Promise<void> {
  const file = await open(path, 'r+')
  try {
    await file.truncate(size)
  } finally {
    await file.close()
  }
}

export const systemDisk: Disk = {
  read: path => readFile(path, 'latin1'),
  readPart,
  facts: factsAt,
  names: folder => readdir(folder),
  write,
  grow,
  cut,
  rename,
  remove: path => rm(path, { force: true }),
}
