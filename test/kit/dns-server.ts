// A name server for tests: a zone in text form, and faults on demand: answers that come late, cut,
// wrong, broken or never. `DnsZone` is the mere function from question to answers; `DnsServer` puts
// it on a loopback port, UDP and TCP.
import { createSocket, type Socket } from 'node:dgram'
import { createServer, type Server, type Socket as Connection } from 'node:net'
import packet, { type Answer, type Packet, type RecordType } from 'dns-packet'
import { freePort } from './ports.ts'

/** What is done to the answers of one question, or of all of them (name '*', type '*'). */
export interface DnsFault {
  name: string
  type: RecordType | '*'
  /** How many answers it is for; without it, all. */
  times?: number
  delayMs?: number
  /** Never answered. */
  lost?: boolean
  /** Over UDP only the head with TC comes. */
  truncated?: boolean
  rcode?: 'SERVFAIL' | 'REFUSED' | 'NXDOMAIN' | 'FORMERR' | 'NOTIMP'
  /** An answer with another id comes first. */
  wrongId?: boolean
  /** An answer to another question comes first. */
  wrongQuestion?: boolean
  /** These bytes come instead of an answer. */
  bytes?: Buffer
  /** The connection is closed, or the datagram refused. */
  hangUp?: boolean
  /** Bytes changed, cut or added by the test. */
  mangle?: (answer: Buffer) => Buffer
}

/** A question as it came. */
export interface DnsQuestion {
  readonly name: string
  readonly type: RecordType
  readonly transport: 'udp' | 'tcp'
  readonly id: number
  /** The asker's port, 0 where there is none. */
  readonly port: number
  readonly edns: boolean
}

/** One packet back to the asker, after a while; null is no for an answer. */
export interface DnsReply {
  readonly bytes: Buffer | null
  readonly delayMs: number
}

const RCODES = { NOERROR: 0, FORMERR: 1, SERVFAIL: 2, NXDOMAIN: 3, NOTIMP: 4, REFUSED: 5 }
const AUTHORITATIVE = 0x0400
const TRUNCATED = 0x0200

export class DnsZone {
  readonly records: Answer[] = []
  readonly faults: DnsFault[] = []
  /** All questions since the start or the last `forget`. */
  readonly questions: DnsQuestion[] = []
  /** Domains of which the SOA goes with a negative answer: name and the negative TTL. */
  readonly authority = new Map<string, number>()

  /** Lines as in a zone file: `name ttl type data...`; `#` starts a comment. */
  add(text: string): this {
    for (const line of text.split('\n')) {
      const words = line.split('#')[0]!.trim().split(/\s+/)
      if (words.length > 1) this.records.push(record(words))
    }
    return this
  }

  /** Takes records away: all of a name, or those of one type. */
  remove(name: string, type = '*'): this {
    const kept = this.records.filter(
      r => r.name.toLowerCase() !== name.toLowerCase() || (type !== '*' && r.type !== type),
    )
    this.records.splice(0, this.records.length, ...kept)
    return this
  }

  fault(name: string, type: RecordType | '*', what: Omit<DnsFault, 'name' | 'type'>): this {
    this.faults.push({ name, type, ...what })
    return this
  }

  /** `name TYPE` of the questions so far, in order. */
  get asked(): string[] {
    return this.questions.map(({ name, type }) => `${name} ${type}`)
  }

  forget(): void {
    this.questions.length = 0
    this.faults.length = 0
  }

  /** The packets that this question gets. */
  replies(bytes: Buffer, transport: 'udp' | 'tcp', port = 0): DnsReply[] {
    const query = packet.decode(bytes)
    const question = query.questions?.[0]
    if (question === undefined) return []
    const edns = (query.additionals ?? []).some(one => one.type === 'OPT')
    const { name, type } = question
    this.questions.push({ name, type, transport, id: query.id ?? 0, port, edns })
    const fault = this.faultFor(name, type)
    if (fault.lost === true) return []
    const delayMs = fault.delayMs ?? 0
    if (fault.hangUp === true) return [{ bytes: null, delayMs }]
    if (fault.bytes !== undefined) return [{ bytes: fault.bytes, delayMs }]
    const answer = this.answer(query, fault)
    const replies: DnsReply[] = []
    if (fault.wrongId === true)
      replies.push({ bytes: packet.encode({ ...answer, id: (query.id! + 1) & 0xffff }), delayMs })
    if (fault.wrongQuestion === true) {
      const questions = [{ ...question, name: `not-${name}` }]
      replies.push({ bytes: packet.encode({ ...answer, questions }), delayMs })
    }
    const cut = fault.truncated === true && transport === 'udp'
    const whole = packet.encode(
      cut ? { ...answer, answers: [], flags: answer.flags! | TRUNCATED } : answer,
    )
    replies.push({ bytes: fault.mangle === undefined ? whole : fault.mangle(whole), delayMs })
    return replies
  }

  private faultFor(name: string, type: RecordType): DnsFault {
    const at = this.faults.findIndex(
      one =>
        (one.name === '*' || one.name.toLowerCase() === name.toLowerCase()) &&
        (one.type === '*' || one.type === type),
    )
    const fault = this.faults[at]
    if (fault === undefined) return { name, type }
    if (fault.times !== undefined && --fault.times <= 0) this.faults.splice(at, 1)
    return fault
  }

  private answer(query: Packet, fault: DnsFault): Packet {
    const { name, type } = query.questions![0]!
    const answers = this.find(name, type)
    const known = this.records.some(r => r.name.toLowerCase() === name.toLowerCase())
    const code = fault.rcode ?? (known ? 'NOERROR' : 'NXDOMAIN')
    return {
      type: 'response',
      id: query.id ?? 0,
      flags: AUTHORITATIVE | 0x0100 | 0x0080 | RCODES[code],
      questions: query.questions!,
      answers: code === 'NOERROR' ? answers : [],
      authorities: answers.length === 0 ? this.soa(name) : [],
    }
  }

  /** The records of a name; a CNAME is followed as a recursive server does. */
  private find(name: string, type: RecordType): Answer[] {
    const found: Answer[] = []
    let wanted = name.toLowerCase()
    for (let links = 0; links < 8; links++) {
      const here = this.records.filter(r => r.name.toLowerCase() === wanted)
      found.push(...here.filter(r => r.type === type))
      const alias = here.find(r => r.type === 'CNAME')
      if (alias === undefined || type === 'CNAME') break
      found.push(alias)
      wanted = String((alias as { data: string }).data).toLowerCase()
    }
    return found
  }

  private soa(name: string): Answer[] {
    for (const [domain, minimum] of this.authority) {
      if (name !== domain && !name.endsWith(`.${domain}`)) continue
      const data = { mname: `ns.${domain}`, rname: `admin.${domain}`, minimum }
      return [{ type: 'SOA', name: domain, ttl: 3600, data } as Answer]
    }
    return []
  }
}

function record(words: string[]): Answer {
  const [name, ttl, type, ...data] = words as [string, string, RecordType, ...string[]]
  const number = (at: number): number => Number(data[at])
  const base = { name, ttl: Number(ttl), type }
  if (type === 'SRV') {
    const [priority, weight, port] = [number(0), number(1), number(2)]
    return { ...base, type, data: { priority, weight, port, target: data[3]! } } as Answer
  }
  if (type === 'NAPTR') {
    const unquoted = data.map(word => word.replace(/^"(.*)"$/, '$1'))
    const [, , flags, services, regexp, replacement] = unquoted as string[]
    const head = { order: number(0), preference: number(1) }
    return { ...base, type, data: { ...head, flags, services, regexp, replacement } } as Answer
  }
  if (type === 'TXT') return { ...base, type, data: data.map(word => word.replace(/^"|"$/g, '')) }
  return { ...base, type, data: data.join(' ') } as Answer
}

export class DnsServer {
  readonly zone = new DnsZone()
  readonly host: string
  readonly port: number
  readonly #udp: Socket
  readonly #tcp: Server
  readonly #connections = new Set<Connection>()
  readonly #delays = new Set<NodeJS.Timeout>()

  private constructor(host: string, port: number) {
    this.host = host
    this.port = port
    this.#udp = createSocket(host.includes(':') ? 'udp6' : 'udp4')
    this.#udp.on('message', (query, from) => {
      for (const { bytes, delayMs } of this.zone.replies(query, 'udp', from.port))
        this.#later(delayMs, () => bytes && this.#udp.send(bytes, from.port, from.address))
    })
    this.#tcp = createServer(connection => this.#serve(connection))
  }

  static async open(host = '127.0.0.1', port = 0): Promise<DnsServer> {
    const server = new DnsServer(host, port === 0 ? await freePort() : port)
    await new Promise<void>(done => server.#udp.bind(server.port, host, done))
    await new Promise<void>(done => server.#tcp.listen(server.port, host, done))
    return server
  }

  /** `127.0.0.1:20053`, as ohana's resolv.conf takes it. */
  get address(): string {
    return this.host.includes(':') ? `[${this.host}]:${this.port}` : `${this.host}:${this.port}`
  }

  async close(): Promise<void> {
    for (const delay of this.#delays) clearTimeout(delay)
    for (const connection of this.#connections) connection.destroy()
    await new Promise<void>(done => this.#udp.close(() => done()))
    await new Promise<void>(done => this.#tcp.close(() => done()))
  }

  #serve(connection: Connection): void {
    let held = Buffer.alloc(0)
    this.#connections.add(connection)
    connection.on('close', () => this.#connections.delete(connection))
    connection.on('error', () => connection.destroy())
    connection.on('data', (chunk: Buffer) => {
      held = Buffer.concat([held, chunk])
      while (held.length >= 2 && held.length >= 2 + held.readUInt16BE(0)) {
        const query = held.subarray(2, 2 + held.readUInt16BE(0))
        held = held.subarray(2 + query.length)
        for (const { bytes, delayMs } of this.zone.replies(query, 'tcp', connection.remotePort))
          this.#later(delayMs, () => {
            if (bytes === null) {
              connection.destroy()
              return
            }
            const head = Buffer.alloc(2)
            head.writeUInt16BE(bytes.length)
            connection.write(Buffer.concat([head, bytes]))
          })
      }
    })
  }

  #later(milliseconds: number, run: () => void): void {
    if (milliseconds === 0) {
      run()
      return
    }
    const delay = setTimeout(() => {
      this.#delays.delete(delay)
      run()
    }, milliseconds)
    this.#delays.add(delay)
  }
}
