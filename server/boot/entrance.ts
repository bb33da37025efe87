/**
 * Where messages come in. Sockets are open before the modules have started (some begin by sending,
 * some wait for a database): what arrives meanwhile waits, so that nothing is routed half.
 */
import type { Receiver } from '../core/receive.ts'
import type { Received } from '../sip/transport.ts'

/** More than that is lost, as in a full buffer of the kernel. */
const MOST_WAITING = 10_000

export class Entrance {
  private receiver: Receiver | null = null
  private waiting: { text: string; received: Received }[] = []

  /** As TransportEvents.onMessage. */
  readonly receive = (text: string, received: Received, bytes: Buffer | null, at: number): void => {
    if (this.receiver !== null) this.receiver.receive(text, received, bytes, at)
    else if (this.waiting.length < MOST_WAITING) this.waiting.push({ text, received })
  }

  /** All modules have started: what has waited is dealt with, and everything else from now on. */
  open(receiver: Receiver): void {
    this.receiver = receiver
    const { waiting } = this
    this.waiting = []
    for (const { text, received } of waiting) receiver.receive(text, received, null, 0)
  }
}
