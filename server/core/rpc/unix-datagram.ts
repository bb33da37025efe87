/**
 * A Unix datagram socket, which the runtime does not have: receives on a path, answers to the path
 * that a caller has bound.
 */
import { rmSync } from 'node:fs'
import { constants } from 'node:os'
import { setTimeout as pause } from 'node:timers/promises'
import { type Libc, libc } from './libc.ts'

const AF_UNIX = 1
/** SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC. */
const TYPE = 2 | 0o4000 | 0o2000000
const MSG_NOSIGNAL = 0x4000
const ADDRESS_SIZE = 110
const LARGEST = 65536
/** Between two tries when the caller does not empty his socket. */
const RETRY_MS = 20

export interface UnixDatagramOptions {
  readonly path: string
  /** Permission bits of the socket file. */
  readonly mode: number
  /** How long an answer is tried to be sent. */
  readonly timeoutMs: number
  readonly onMessage: (message: Buffer, answer: (bytes: Buffer) => void) => void
  readonly onError: (text: string) => void
}

export class UnixDatagram {
  private readonly options: UnixDatagramOptions
  private readonly c: Libc
  private readonly fd: number
  private readonly stopPolling: () => void
  private readonly into = Buffer.alloc(LARGEST)
  private readonly retries = new Set<NodeJS.Timeout>()
  private closed = false

  /** Rejects with a sentence when the path cannot be bound. */
  static async open(options: UnixDatagramOptions): Promise<UnixDatagram> {
    const c = await libc()
    const address = addressOf(options.path)
    rmSync(options.path, { force: true })
    const fd = c.socket(AF_UNIX, TYPE, 0)
    if (fd < 0) throw new Error(`socket: ${errorName(c.errno())}`)
    const mask = process.umask(0o777 & ~options.mode)
    const bound = c.bind(fd, address, address.length)
    const errno = c.errno()
    process.umask(mask)
    if (bound < 0) {
      c.close(fd)
      throw new Error(`${options.path}: ${errorName(errno)}`)
    }
    return new UnixDatagram(options, c, fd)
  }

  private constructor(options: UnixDatagramOptions, c: Libc, fd: number) {
    this.options = options
    this.c = c
    this.fd = fd
    this.stopPolling = c.whenReadable(fd, () => this.drain())
  }

  close(): void {
    if (this.closed) return
    this.closed = true
    for (const timer of this.retries) clearTimeout(timer)
    this.stopPolling()
    this.c.close(this.fd)
    rmSync(this.options.path, { force: true })
  }

  /** Reads what is there; a bound keeps a flood from starving SIP. */
  private drain(): void {
    for (let i = 0; i < 32 && !this.closed; i++) {
      const address = Buffer.alloc(ADDRESS_SIZE)
      const length = Buffer.alloc(4)
      length.writeUInt32LE(ADDRESS_SIZE)
      const size = Number(this.c.recvfrom(this.fd, this.into, LARGEST, 0, address, length))
      if (size < 0) return
      const to = address.subarray(0, length.readUInt32LE())
      const message = Buffer.from(this.into.subarray(0, size))
      this.options.onMessage(message, bytes => this.answer(to, bytes, 0))
    }
  }

  private answer(to: Buffer, bytes: Buffer, waited: number): void {
    if (this.closed) return
    // Only the family: the caller has bound no path and cannot be answered.
    if (to.length <= 2) {
      this.options.onError('the caller has no address, no reply possible')
      return
    }
    const sent = this.c.sendto(this.fd, bytes, bytes.length, MSG_NOSIGNAL, to, to.length)
    if (Number(sent) >= 0) return
    const errno = this.c.errno()
    if (errno !== constants.errno.EAGAIN || waited >= this.options.timeoutMs) {
      this.options.onError(`reply of ${bytes.length} bytes not sent: ${errorName(errno)}`)
      return
    }
    const timer = setTimeout(() => {
      this.retries.delete(timer)
      this.answer(to, bytes, waited + RETRY_MS)
    }, RETRY_MS)
    this.retries.add(timer)
  }
}

/** Sends a datagram to a path, from none; why it could not be sent, or null. */
export async function sendDatagramTo(
  path: string,
  bytes: Buffer,
  timeoutMs: number,
): Promise<string | null> {
  const c = await libc().catch((error: Error) => error)
  if (c instanceof Error) return c.message
  const fd = c.socket(AF_UNIX, TYPE, 0)
  if (fd < 0) return errorName(c.errno())
  try {
    const to = addressOf(path)
    for (let waited = 0; ; waited += RETRY_MS) {
      const sent = c.sendto(fd, bytes, bytes.length, MSG_NOSIGNAL, to, to.length)
      if (Number(sent) >= 0) return null
      const errno = c.errno()
      if (errno !== constants.errno.EAGAIN || waited >= timeoutMs) return errorName(errno)
      await pause(RETRY_MS)
    }
  } catch (error) {
    return (error as Error).message
  } finally {
    c.close(fd)
  }
}

function addressOf(path: string): Buffer {
  const bytes = Buffer.from(path, 'utf8')
  if (bytes.length > 107) throw new Error(`${path}: longer than a socket address may be`)
  const address = Buffer.alloc(2 + bytes.length + 1)
  address.writeUInt16LE(AF_UNIX)
  bytes.copy(address, 2)
  return address
}

function errorName(errno: number): string {
  const found = Object.entries(constants.errno).find(([, number]) => number === errno)
  return found?.[0] ?? `error ${errno}`
}
