// Calls at a steady rate through a node that accounts them in a database, and what the database
// must hold of them afterwards: every answer that the caller saw, and nothing twice.
import { createSocket, type Socket } from 'node:dgram'
import { once } from 'node:events'

/** Calls are made in ticks of so many milliseconds. */
const TICK_MS = 10

export interface AccountedRow {
  readonly callid: string
  readonly method: string
}

export class AccountedLoad {
  /** Answers that arrived: `INVITE call-1`, with the milliseconds that they took. */
  readonly answered = new Map<string, number>()
  /** Codes of answers that were none of 200. */
  readonly refused = new Map<number, number>()
  made = 0
  /** How the callee answers. */
  answer = '200 OK'
  /** Whom the calls are for; '' is the callee's own address. */
  uri = ''
  private readonly caller: Socket
  private readonly callee: Socket
  private readonly server: number
  private readonly prefix: string
  private readonly begun = new Map<string, number>()
  private timer: NodeJS.Timeout | null = null

  private constructor(server: number, prefix: string) {
    this.server = server
    this.prefix = prefix
    this.caller = createSocket('udp4')
    this.callee = createSocket('udp4')
    this.caller.on('message', bytes => this.hear(bytes.toString('latin1')))
    this.callee.on('message', (bytes, from) => {
      const text = bytes.toString('latin1')
      if (!text.startsWith('ACK'))
        this.callee.send(answerTo(text, this.answer), from.port, '127.0.0.1')
    })
  }

  /** `server` is the port of a node that relays to the request URI. */
  static async open(server: number, prefix = 'call'): Promise<AccountedLoad> {
    const load = new AccountedLoad(server, prefix)
    for (const socket of [load.caller, load.callee]) {
      socket.bind(0, '127.0.0.1')
      await once(socket, 'listening')
      socket.setRecvBufferSize(4 * 1024 * 1024)
    }
    return load
  }

  /** Where the callee is. */
  get contact(): string {
    return `sip:bob@127.0.0.1:${this.callee.address().port}`
  }

  /** So many calls in a second, until `pause`. */
  start(rate: number): void {
    const begun = performance.now()
    const before = this.made
    this.timer = setInterval(() => {
      const due = ((performance.now() - begun) * rate) / 1000
      // After a pause of this process the calls are not made up for all at once.
      const most = this.made + Math.ceil(rate / 20)
      while (this.made - before < due && this.made < most)
        this.call(`${this.prefix}-${this.made++}`)
    }, TICK_MS)
  }

  pause(): void {
    if (this.timer !== null) clearInterval(this.timer)
    this.timer = null
  }

  close(): void {
    this.pause()
    this.caller.close()
    this.callee.close()
  }

  /** Milliseconds within which this part of the answered requests was answered. */
  latency(part: number): number {
    const all = [...this.answered.values()].sort((a, b) => a - b)
    return all[Math.min(all.length - 1, Math.floor(all.length * part))] ?? Number.NaN
  }

  /** What is wrong with these rows; empty when nothing is. */
  judge(rows: readonly AccountedRow[]): { lost: string[]; doubled: string[] } {
    const seen = new Set<string>()
    const doubled: string[] = []
    for (const { method, callid } of rows) {
      const key = `${method} ${callid}`
      if (seen.has(key)) doubled.push(key)
      seen.add(key)
    }
    return { lost: [...this.answered.keys()].filter(key => !seen.has(key)), doubled }
  }

  private call(callId: string): void {
    this.send('INVITE', callId, '')
  }

  private send(method: string, callId: string, toTag: string): void {
    const { port } = this.caller.address()
    const uri = this.uri === '' ? this.contact : this.uri
    const cseq = method === 'BYE' ? 2 : 1
    const text = [
      `${method} ${uri} SIP/2.0`,
      `Via: SIP/2.0/UDP 127.0.0.1:${port};branch=z9hG4bK${method}${callId}`,
      'Max-Forwards: 70',
      `From: <sip:alice@example.org>;tag=a${callId}`,
      `To: <sip:bob@example.org>${toTag === '' ? '' : `;tag=${toTag}`}`,
      `Call-ID: ${callId}`,
      `CSeq: ${cseq} ${method}`,
      'Content-Length: 0',
      '',
      '',
    ].join('\r\n')
    if (method !== 'ACK') this.begun.set(`${method} ${callId}`, performance.now())
    this.caller.send(text, this.server, '127.0.0.1')
  }

  private hear(text: string): void {
    const status = Number(text.slice(8, 11))
    if (status < 200) return
    const callId = /^Call-ID: (.*)$/m.exec(text)![1]!.trim()
    const method = /^CSeq: \d+ (\w+)/m.exec(text)![1]!
    const toTag = /^To: .*;tag=([^;\r]+)/m.exec(text)?.[1] ?? ''
    if (status >= 300) {
      this.refused.set(status, (this.refused.get(status) ?? 0) + 1)
      return
    }
    const key = `${method} ${callId}`
    if (this.answered.has(key)) return
    this.answered.set(key, performance.now() - this.begun.get(key)!)
    if (method !== 'INVITE') return
    this.send('ACK', callId, toTag)
    this.send('BYE', callId, toTag)
  }
}

function answerTo(request: string, status: string): string {
  const lines = request.split('\r\n')
  const kept = lines.filter(line => /^(Via|From|Call-ID|CSeq|Record-Route):/.test(line))
  const to = lines.find(line => line.startsWith('To:'))!
  const tag = to.includes('tag=') ? '' : ';tag=b'
  return [`SIP/2.0 ${status}`, ...kept, to + tag, 'Content-Length: 0', '', ''].join('\r\n')
}
