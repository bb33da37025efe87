// Phones that register, refresh and leave as fast as they are answered, and remember what they were
// told: a table may hold nothing else.
import { createSocket, type Socket } from 'node:dgram'
import { once } from 'node:events'
import { SeededRandom } from '../../server/lib/random.ts'

/** A row of the location table, as far as it matters here. */
export interface LocationRow {
  readonly user: string
  readonly contact: string
  readonly cseq: number
}

/** Requests that may be under way at once. */
const WINDOW = 24
/** A phone that hears nothing for so long goes on without an answer. */
const PATIENCE_MS = 1500
const LEAVES = 5

interface Request {
  readonly cseq: number
  readonly leaves: boolean
  readonly sentAt: number
}

/** CSeq of the row that a user must have; 0: none. */
type Held = number

class User {
  readonly name: string
  cseq = 0
  held: Held = 0
  pending: Request | null = null
  /** What may have been carried out without being accepted. */
  open: Held[] = []

  constructor(name: string) {
    this.name = name
  }
}

export class RegistrationLoad {
  accepted = 0
  refused = 0
  unheard = 0
  /** The longest time to an answer, milliseconds. */
  slowest = 0
  private readonly users = new Map<string, User>()
  private readonly random: SeededRandom
  private readonly socket: Socket = createSocket('udp4')
  private port = 0
  private running = false

  private constructor(users: number, seed: number) {
    this.random = new SeededRandom(seed)
    for (let i = 0; i < users; i++) this.users.set(`user${i}`, new User(`user${i}`))
    this.socket.on('message', packet => this.take(packet.toString('latin1')))
  }

  static async open(users: number, seed: number): Promise<RegistrationLoad> {
    const load = new RegistrationLoad(users, seed)
    load.socket.bind(0, '127.0.0.1')
    await once(load.socket, 'listening')
    return load
  }

  close(): void {
    this.running = false
    this.socket.close()
  }

  below(limit: number): number {
    return this.random.uint32() % limit
  }

  /** Sends to the node on this port until `halt`. */
  begin(port: number): void {
    this.port = port
    this.running = true
    this.fill()
  }

  /** Sends no more; what is not answered yet is open. */
  halt(): void {
    this.running = false
    for (const user of this.users.values()) this.giveUp(user)
  }

  /** Sends no more, and waits for the answers that are under way. */
  async calm(): Promise<void> {
    this.running = false
    const until = Date.now() + 2 * PATIENCE_MS
    while (this.pending > 0 && Date.now() < until) await new Promise(done => setTimeout(done, 20))
    this.halt()
  }

  private get pending(): number {
    let count = 0
    for (const { pending } of this.users.values()) if (pending !== null) count++
    return count
  }

  /** Gives up what is overdue, and keeps the window full. */
  tend(): void {
    const now = Date.now()
    for (const user of this.users.values())
      if (user.pending !== null && now - user.pending.sentAt > PATIENCE_MS) this.giveUp(user)
    this.fill()
  }

  private giveUp(user: User): void {
    const { pending } = user
    if (pending === null) return
    this.unheard++
    user.open.push(pending.leaves ? 0 : pending.cseq)
    user.pending = null
  }

  private fill(): void {
    if (!this.running) return
    const idle = [...this.users.values()].filter(({ pending }) => pending === null)
    for (let free = WINDOW - this.pending; free > 0 && idle.length > 0; free--)
      this.ask(idle.splice(this.below(idle.length), 1)[0]!)
  }

  private ask(user: User): void {
    const leaves = this.below(LEAVES) === 0
    const cseq = ++user.cseq
    user.pending = { cseq, leaves, sentAt: Date.now() }
    const address = `sip:${user.name}@example.org`
    const text = [
      'REGISTER sip:example.org SIP/2.0',
      `Via: SIP/2.0/UDP 127.0.0.1:${this.socket.address().port};branch=z9hG4bK${user.name}.${cseq}`,
      `From: <${address}>;tag=1`,
      `To: <${address}>`,
      `Call-ID: ${user.name}`,
      `CSeq: ${cseq} REGISTER`,
      `Contact: <sip:${user.name}@192.0.2.1>;expires=${leaves ? 0 : 3600}`,
      'Content-Length: 0',
      '',
      '',
    ].join('\r\n')
    this.socket.send(text, this.port, '127.0.0.1')
  }

  private take(reply: string): void {
    const user = this.users.get(/^Call-ID: (.*)$/m.exec(reply)?.[1]?.trim() ?? '')
    const cseq = Number(/^CSeq: (\d+)/m.exec(reply)?.[1])
    if (user?.pending?.cseq !== cseq) return
    const { leaves, sentAt } = user.pending
    this.slowest = Math.max(this.slowest, Date.now() - sentAt)
    const held = leaves ? 0 : cseq
    if (reply.startsWith('SIP/2.0 200')) {
      this.accepted++
      user.held = held
      // Requests for one user are carried out in their order: those before are over.
      user.open = []
    } else {
      this.refused++
      user.open.push(held)
    }
    user.pending = null
    // Not at once after a refusal: a node in need is not hammered.
    if (reply.startsWith('SIP/2.0 200')) this.fill()
  }

  /**
   * What is wrong with these rows. `strict`: what was refused or not answered must have left no
   * trace. They are the truth afterwards.
   */
  check(rows: readonly LocationRow[], strict: boolean): string[] {
    const wrong = this.differences(rows, strict)
    const found = new Map(rows.map(row => [row.user, row.cseq]))
    for (const user of this.users.values()) {
      user.held = found.get(user.name) ?? 0
      user.open = []
    }
    return wrong
  }

  /** The same, without believing them. */
  differences(rows: readonly LocationRow[], strict: boolean): string[] {
    const wrong: string[] = []
    const found = new Map<string, number>()
    for (const { user, cseq, contact } of rows) {
      if (found.has(user)) wrong.push(`${user} is there twice (${contact})`)
      found.set(user, cseq)
    }
    for (const { name, held, open } of this.users.values()) {
      const has = found.get(name) ?? 0
      if (has === held || (!strict && open.includes(has))) continue
      wrong.push(`${name} was told ${held}, the table has ${has}, open are ${open.join(' ')}`)
    }
    return wrong
  }
}
