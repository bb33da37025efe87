/** What a spool asks of the file system: a door, so that tests can fill the disk. */
import {
  chownSync,
  closeSync,
  fdatasyncSync,
  fstatSync,
  ftruncateSync,
  mkdirSync,
  openSync,
  read,
  readdirSync,
  readFileSync,
  readSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
  writeSync,
} from 'node:fs'

export interface SpoolFiles {
  makeFolder(path: string): void
  names(folder: string): string[]
  /** For reading and writing; it is made when it is not there. */
  open(path: string): number
  sizeOf(path: string): number
  size(file: number): number
  read(file: number, into: Buffer, position: number): number
  readLater(file: number, into: Buffer, position: number): Promise<number>
  /** May write less than it is given; throws the system's error. */
  write(file: number, bytes: Buffer, position: number): number
  sync(file: number): void
  cut(file: number, size: number): void
  close(file: number): void
  rename(from: string, to: string): void
  remove(path: string): void
  /** -1 leaves the user or the group as it is. */
  giveTo(path: string, user: number, group: number): void
  /** A whole small file; null when it is not there. */
  readText(path: string): string | null
  /** Makes a small file; false when it is there. */
  makeText(path: string, text: string): boolean
}

/** `O_CREAT | O_RDWR`: 'a+' would write at the end whatever the position. */
const CREATE_AND_WRITE = 0o102
/** What a spool holds is about calls: nobody else's business. */
const OWNER_ONLY = 0o600

export const systemFiles: SpoolFiles = {
  makeFolder: path => void mkdirSync(path, { recursive: true, mode: 0o755 }),
  names: folder => readdirSync(folder),
  open: path => openSync(path, CREATE_AND_WRITE, OWNER_ONLY),
  sizeOf: path => statSync(path).size,
  size: file => fstatSync(file).size,
  read: (file, into, position) => readSync(file, into, 0, into.length, position),
  readLater: (file, into, position) =>
    new Promise((resolve, reject) => {
      read(file, into, 0, into.length, position, (error, bytes) =>
        error === null ? resolve(bytes) : reject(error),
      )
    }),
  write: (file, bytes, position) => writeSync(file, bytes, 0, bytes.length, position),
  sync: file => fdatasyncSync(file),
  cut: (file, size) => ftruncateSync(file, size),
  close: file => closeSync(file),
  rename: (from, to) => renameSync(from, to),
  remove: path => rmSync(path, { force: true }),
  giveTo: (path, user, group) => chownSync(path, user, group),
  readText: path => {
    try {
      return readFileSync(path, 'latin1')
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null
      throw error
    }
  },
  makeText: (path, text) => {
    try {
      writeFileSync(path, text, { flag: 'wx', mode: OWNER_ONLY })
      return true
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false
      throw error
    }
  },
}
