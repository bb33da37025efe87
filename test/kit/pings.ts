// OPTIONS sent at a steady pace: how long a node takes for what has nothing to do with its trouble.
import { createSocket, type Socket } from 'node:dgram'
import { once } from 'node:events'

const PACE_MS = 10

export class Pings {
  /** Milliseconds to each answer. */
  readonly times: number[] = []
  sent = 0
  private readonly socket: Socket = createSocket('udp4')
  private readonly pending = new Map<number, number>()
  private timer: NodeJS.Timeout | null = null

  private constructor() {
    this.socket.on('message', packet => {
      const number = Number(/^CSeq: (\d+)/m.exec(packet.toString('latin1'))?.[1])
      const since = this.pending.get(number)
      if (since === undefined) return
      this.pending.delete(number)
      this.times.push(performance.now() - since)
    })
  }

  static async open(): Promise<Pings> {
    const pings = new Pings()
    pings.socket.bind(0, '127.0.0.1')
    await once(pings.socket, 'listening')
    return pings
  }

  begin(port: number): void {
    this.timer = setInterval(() => this.ping(port), PACE_MS)
  }

  private ping(port: number): void {
    const number = ++this.sent
    this.pending.set(number, performance.now())
    const via = `127.0.0.1:${this.socket.address().port};branch=z9hG4bKping${number}`
    const text =
      `OPTIONS sip:127.0.0.1:${port} SIP/2.0\r\nVia: SIP/2.0/UDP ${via}\r\n` +
      `From: <sip:ping@127.0.0.1>;tag=1\r\nTo: <sip:127.0.0.1>\r\nCall-ID: ping\r\n` +
      `CSeq: ${number} OPTIONS\r\nContent-Length: 0\r\n\r\n`
    this.socket.send(text, port, '127.0.0.1')
  }

  halt(): void {
    if (this.timer !== null) clearInterval(this.timer)
    this.timer = null
  }

  close(): void {
    this.halt()
    this.socket.close()
  }

  /** So many of a hundred are answered within this; 0 without any. */
  percentile(percent: number): number {
    const sorted = this.times.toSorted((a, b) => a - b)
    return sorted[Math.ceil((sorted.length * percent) / 100) - 1] ?? 0
  }
}
