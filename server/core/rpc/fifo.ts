/**
 * A FIFO of requests: kept open for reading and writing, so that it never ends when a writer
 * leaves.
 */
import { execFileSync } from 'node:child_process'
import { chmodSync, chownSync, constants, lstatSync, openSync, rmSync } from 'node:fs'
import { Socket } from 'node:net'
import { libc, NoLibrary } from './libc.ts'

export interface FifoOptions {
  readonly path: string
  readonly mode: number
  /** -1 leaves what is inherited. */
  readonly user: number
  readonly group: number
  /** A byte string, cut where the reads happened to end. */
  readonly onText: (text: string) => void
  readonly onError: (text: string) => void
}

export class Fifo {
  private readonly path: string
  private readonly socket: Socket

  /** Rejects with a sentence when there can be no FIFO at the path. */
  static async open(options: FifoOptions): Promise<Fifo> {
    await make(options)
    chmodSync(options.path, options.mode)
    if (options.user >= 0 || options.group >= 0) {
      chownSync(options.path, options.user, options.group)
    }
    return new Fifo(options, openSync(options.path, constants.O_RDWR | constants.O_NONBLOCK))
  }

  private constructor(options: FifoOptions, fd: number) {
    this.path = options.path
    this.socket = new Socket({ fd, readable: true, writable: false })
    this.socket.setEncoding('latin1')
    this.socket.on('data', chunk => options.onText(String(chunk)))
    this.socket.on('error', error => options.onError(error.message))
  }

  close(): void {
    this.socket.destroy()
    rmSync(this.path, { force: true })
  }
}

/** A FIFO that is left from another run is made anew; anything else at the path is not ours. */
async function make({ path, mode }: FifoOptions): Promise<void> {
  const there = lstatSync(path, { throwIfNoEntry: false })
  if (there !== undefined) {
    if (!there.isFIFO()) throw new Error(`${path} is there and is no FIFO`)
    rmSync(path)
  }
  try {
    const c = await libc()
    if (c.mkfifo(path, mode) !== 0) throw new Error(`cannot make the FIFO ${path}`)
  } catch (error) {
    if (!(error instanceof NoLibrary)) throw error
    // The program of every system; nothing is served yet that it could keep waiting.
    execFileSync('mkfifo', ['-m', mode.toString(8), path], { stdio: 'ignore' })
  }
}
