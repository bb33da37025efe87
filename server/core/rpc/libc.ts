/**
 * The few calls of the C library that the runtime does not offer: FIFOs are made and Unix datagram
 * sockets are used through them. Loaded when the first of them is needed.
 */
import type koffi from 'koffi'

export interface Libc {
  mkfifo(path: string, mode: number): number
  socket(domain: number, type: number, protocol: number): number
  bind(fd: number, address: Buffer, length: number): number
  recvfrom(
    fd: number,
    into: Buffer,
    size: number,
    flags: number,
    address: Buffer,
    addressLength: Buffer,
  ): number
  sendto(
    fd: number,
    from: Buffer,
    size: number,
    flags: number,
    address: Buffer,
    addressLength: number,
  ): number
  close(fd: number): number
  /** The error number of the last call. */
  errno(): number
  /** Calls back when the descriptor can be read, until the result is called. */
  whenReadable(fd: number, callback: () => void): () => void
}

/** There is no way to the C library on this machine: what needs it cannot be had. */
export class NoLibrary extends Error {}

let loaded: Promise<Libc> | null = null

/** Rejects with NoLibrary. */
export function libc(): Promise<Libc> {
  loaded ??= load()
  return loaded
}

const nothing = (): void => {}

async function load(): Promise<Libc> {
  const { default: ffi }: { default: typeof koffi } = await import('koffi').catch(
    (error: Error) => {
      throw new NoLibrary(`no way to the C library: ${error.message}`)
    },
  )
  const c = ffi.load(null)
  return {
    mkfifo: c.func('int mkfifo(const char *path, unsigned int mode)'),
    socket: c.func('int socket(int domain, int type, int protocol)'),
    bind: c.func('int bind(int fd, const void *address, unsigned int length)'),
    recvfrom: c.func(
      'long recvfrom(int fd, void *into, size_t size, int flags, void *address, void *length)',
    ),
    sendto: c.func(
      'long sendto(int fd, const void *from, size_t size, int flags, const void *to, uint length)',
    ),
    close: c.func('int close(int fd)'),
    errno: () => ffi.errno(),
    whenReadable: (fd, callback) => {
      const handle = ffi.node.poll(fd, { readable: true }, () => {
        callback()
        // The runtime does not know of this call: what it put off (promises, next ticks) would wait
        // for some other event.
        setImmediate(nothing)
      })
      return () => {
        handle.stop()
        handle.close()
      }
    },
  }
}
