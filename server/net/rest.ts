/**
 * Busy streams are left alone for ten milliseconds at a time, as busy UDP sockets are (decision
 * 0004): what has come meanwhile is read at once, and what is answered leaves at once.
 */
import type { Socket } from 'node:net'

const REST_MS = 10
const WINDOW_MS = 20
/** Messages in a window that make a stream busy: a thousand a second. */
const BUSY_MESSAGES = 20
/** A piece this large is not all that there was: the next one is read without a rest. */
const LARGE_PIECE = 32 * 1024

/** What the runtime keeps behind a socket; null when it is closed. */
interface Handle {
  readStop(): void
  readStart(): void
}

const handleOf = (socket: Socket): Handle | null =>
  (socket as unknown as { _handle: Handle | null })._handle

/** How many messages come over one stream. */
export class Pace {
  private windowStart = 0
  private seen = 0
  private busy = false

  /** Counts a message. */
  count(): void {
    this.seen++
  }

  isBusy(now: number): boolean {
    const elapsed = now - this.windowStart
    if (elapsed >= WINDOW_MS) {
      this.busy = this.seen * WINDOW_MS >= BUSY_MESSAGES * elapsed
      this.windowStart = now
      this.seen = 0
    }
    return this.busy
  }
}

/** The streams that are left alone at the moment. */
export class RestingStreams {
  private readonly sockets = new Set<Socket>()
  private waking: ReturnType<typeof setTimeout> | null = null

  /** Reads nothing more from it for a while, after a piece of this length. */
  add(socket: Socket, pieceLength: number): void {
    const handle = handleOf(socket)
    if (pieceLength >= LARGE_PIECE || handle === null) return
    // `pause` would go on reading into the stream's own buffer.
    handle.readStop()
    this.sockets.add(socket)
    this.waking ??= setTimeout(() => this.wake(), REST_MS)
  }

  /** Wakes all of them now. */
  wake(): void {
    if (this.waking !== null) clearTimeout(this.waking)
    this.waking = null
    for (const socket of this.sockets) handleOf(socket)?.readStart()
    this.sockets.clear()
  }
}
