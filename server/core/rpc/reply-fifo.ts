/**
 * Writes a reply into the FIFO that a caller has made for it. The name comes from the caller, so
 * this must not be a way to write into somebody else's file: no path in the name, no symbolic link,
 * no hard link, and the file opened is the file looked at.
 */
import { closeSync, constants, fstatSync, lstatSync, openSync, type Stats } from 'node:fs'
import { Socket } from 'node:net'

const LONGEST_PATH = 128
/** The caller may open its end a moment after it has asked. */
const TRIES = 5
const PAUSE_MS = 80
/** A reader that stops reading is left. */
const WRITE_MS = 5000

/** The path for a reply name; null when the name is not acceptable. */
export function replyPath(folder: string, name: string): string | null {
  if (name === '' || /[./\\\0]/.test(name)) return null
  const path = folder + name
  return path.length < LONGEST_PATH ? path : null
}

/** Rejects with a sentence when the reply could not be handed over. */
export async function writeReply(path: string, text: string): Promise<void> {
  const fd = await openWhenRead(path)
  try {
    refuseUnlessSafe(path, fstatSync(fd), lstatSync(path))
  } catch (error) {
    closeSync(fd)
    throw error
  }
  await write(fd, Buffer.from(text, 'latin1'))
}

async function openWhenRead(path: string): Promise<number> {
  for (let tries = 1; ; tries++) {
    try {
      // Without blocking, so at once: it is there and read, or it fails.
      return openSync(path, constants.O_WRONLY | constants.O_NONBLOCK)
    } catch (error) {
      // Nobody has opened it for reading yet.
      if ((error as NodeJS.ErrnoException).code !== 'ENXIO' || tries >= TRIES) throw error
      await new Promise(resolve => setTimeout(resolve, PAUSE_MS))
    }
  }
}

function refuseUnlessSafe(path: string, opened: Stats, seen: Stats): void {
  if (seen.isSymbolicLink()) throw new Error(`security: ${path} is a soft link`)
  if (!opened.isFIFO()) throw new Error(`security: ${path} is not a fifo`)
  if (opened.nlink > 1) throw new Error(`security: ${path} is hard-linked ${opened.nlink} times`)
  if (opened.ino !== seen.ino || opened.dev !== seen.dev) {
    throw new Error(`security: ${path} is another file now`)
  }
}

/**
 * The descriptor does not block, so what does not fit waits for the reader in the event loop. The
 * socket closes it.
 */
function write(fd: number, bytes: Buffer): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>()
  const pipe = new Socket({ fd, readable: false, writable: true })
  const timer = setTimeout(() => pipe.destroy(new Error('the reader does not read')), WRITE_MS)
  pipe.once('error', reject)
  pipe.once('close', () => {
    clearTimeout(timer)
    resolve()
  })
  pipe.end(bytes, () => pipe.destroy())
  return promise
}
