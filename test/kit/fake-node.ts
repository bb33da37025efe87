// A node without SIP: it keeps a few registrations, parameters, counters, log lines and messages,
// answers the methods that consoles and command lines call, and can be told to be slow, silent or
// gone.
import type { Client, Subscription } from '../../rpc/client/client.ts'
import { type Topic, type TopicData, methodOf } from '../../rpc/contract/index.ts'
import { Fault, NoAnswer } from '../../rpc/faults.ts'
import type { TracedMessage } from '../../rpc/fleet/arrows.ts'
import type { Connect } from '../../rpc/fleet/fleet.ts'
import type { FleetNode } from '../../rpc/fleet/fleet-file.ts'
import { checkValue } from '../../rpc/check.ts'
import { FakeConfig } from './fake-config.ts'

export const START_MS = Date.UTC(2026, 10, 21, 12, 0, 0)

type Contact = { contact: string; expires: number | 'permanent'; userAgent: string }
type Parameter = { group: string; name: string; value: string | number; live: boolean; doc: string }
type LogLine = TopicData<'log'>
type Snapshot = TopicData<'stats'>
type Listener = (event: never) => void

export class FakeNode {
  readonly name: string
  port: number
  /** Answers and never speaks first, as over HTTP. */
  oneWay = false
  /** With use_domain: no user without a domain. */
  usesDomain = false
  /** What it does when asked: answer, stay silent, or be unreachable. */
  mood: 'answers' | 'silent' | 'gone' = 'answers'
  readonly contacts = new Map<string, Contact[]>()
  readonly parameters: Parameter[] = [
    { group: 'core', name: 'debug', value: 2, live: true, doc: 'log level' },
    { group: 'tm', name: 'fr_timer', value: 30000, live: true, doc: 'final reply timer' },
    { group: 'siputils', name: 'ring_timeout', value: 30, live: false, doc: 'ring timeout' },
    { group: 'registrar', name: 'realm_prefix', value: '', live: true, doc: 'prefix to strip' },
  ]
  readonly statistics: Record<string, Record<string, number>> = {
    core: { rcv_requests: 12, fwd_requests: 7, drop_requests: 0 },
    sl: { '200_replies': 5, '404_replies': 1 },
    usrloc: { registered_users: 0 },
  }
  readonly log: LogLine[] = []
  messages: TracedMessage[] = []
  wrapped = false
  /** What a test has it answer, by method. */
  readonly replies = new Map<string, unknown>()
  /** How often each method was called. */
  readonly asked: [method: string, ...params: unknown[]][] = []
  /** Counters of the snapshot that a test sets. */
  counts: {
    requests?: Partial<Snapshot['requests']>
    sent?: Partial<Snapshot['sent']>
    calls?: Partial<Snapshot['calls']>
  } = {}
  uptime = 3725
  readonly config = new FakeConfig(START_MS - 3_725_000)
  private readonly listeners = new Map<number, { topic: Topic; tell: Listener }>()
  private subscriptions = 0

  constructor(name: string, port = 5060) {
    this.name = name
    this.port = port
  }

  register(aor: string, contact: string, more: Partial<Contact> = {}): this {
    const entry = { contact, expires: 600, userAgent: 'phone 1.0', ...more }
    this.contacts.set(aor, [...(this.contacts.get(aor) ?? []), entry])
    return this
  }

  write(text: string, more: Partial<LogLine> = {}): this {
    const time = START_MS + this.log.length * 1000
    const seq = this.log.length + 1
    const base = { level: 1, name: 'NOTICE', source: '<script>', prefix: '' }
    const line = { seq, time, ...base, text, ...more }
    this.log.push(line)
    this.tell('log', line)
    return this
  }

  /** Sends news to all who subscribed to the topic. */
  tell<T extends Topic>(topic: T, data: TopicData<T>): void {
    for (const listener of this.listeners.values())
      if (listener.topic === topic) listener.tell({ data } as never)
  }

  /**
   * Answers one call, or throws the Fault that the node would send. Replies are checked against the
   * contract.
   */
  answer(method: string, params: readonly unknown[]): unknown {
    this.asked.push([method, ...params])
    const known = methodOf(method)
    if (known === undefined) throw new Fault(500, 'Method Not Found')
    const result = this.replies.has(method) ? this.replies.get(method) : this.handle(method, params)
    const wrong = checkValue(known.result, result)
    if (wrong !== null) throw new Error(`the fake ${method} answers a wrong shape: ${wrong}`)
    return result
  }

  subscribe(topic: Topic, tell: Listener, options: { backlog?: number } = {}): number {
    this.listeners.set(++this.subscriptions, { topic, tell })
    const backlog = options.backlog ?? 0
    if (topic === 'log' && backlog > 0)
      for (const data of this.log.slice(-backlog)) tell({ data } as never)
    return this.subscriptions
  }

  /** How many subscriptions are open. */
  get audience(): number {
    return this.listeners.size
  }

  unsubscribe(id: number): void {
    this.listeners.delete(id)
  }

  private handle(method: string, params: readonly unknown[]): unknown {
    const [first, second, third] = params as string[]
    switch (method) {
      case 'core.uptime':
        return {
          now: 'Sat Nov 21 12:00:00 2026',
          up_since: 'Sat Nov 21 10:57',
          uptime: this.uptime,
        }
      case 'core.version':
        return 'kamailio 5.6.3 (x86_64/linux)'
      case 'core.psx':
        return [{ IDX: 0, PID: 4711, DSC: 'main process - attendant' }]
      case 'core.modules':
        return ['tm', 'sl']
      case 'core.sockets_list':
        return [{ socket: this.socket() }]
      case 'core.aliases_list':
        return { myself_callbacks: 'no', aliases: [{ alias: ALIAS }] }
      case 'system.listMethods':
        return ['core.uptime', 'ul.dump']
      case 'stats.get_statistics':
        return this.statisticLines(params as string[])
      case 'ul.dump':
        return this.dump(first === 'brief')
      case 'ul.lookup':
        return this.lookup(second!)
      case 'ul.rm':
        if (!this.contacts.delete(second!)) throw new Fault(500, 'AOR not found')
        return undefined
      case 'ul.rm_contact':
        return this.removeContact(second!, third!)
      case 'ul.add':
        this.register(second!, third!, { expires: 'permanent' })
        return undefined
      default:
        return method.startsWith('cfg.') ? this.configure(method, params) : this.own(method, params)
    }
  }

  private own(method: string, params: readonly unknown[]): unknown {
    if (method.startsWith('ohana.cfg.'))
      return this.config.handle(method, String(params[0] ?? ''), START_MS)
    switch (method) {
      case 'ohana.node':
        return this.describe()
      case 'ohana.snapshot':
        return this.snapshot()
      case 'ohana.statistics':
        return this.statistics
      case 'ohana.parameters':
        return this.parameters.map(parameterRow)
      case 'ohana.log.tail':
        return this.log.slice(-Number(params[0] ?? 20))
      case 'ohana.trace.find':
        return this.findMessages(params[0] as TraceFilter)
      case 'ohana.trace.status':
        return this.traceStatus()
      case 'tm.stats':
        return TM_STATS
      case 'tm.list':
        return [{ ...TRANSACTION }]
      default:
        throw new Fault(500, 'Method Not Found')
    }
  }

  private socket() {
    const port = String(this.port)
    const no = 'no'
    return {
      proto: 'udp',
      address: '127.0.0.1',
      ipaddress: '127.0.0.1',
      port,
      mcast: no,
      mhomed: no,
      virtual: no,
    }
  }

  private describe() {
    return {
      name: this.name,
      version: '0.1.0',
      compat: '5.6.3',
      pid: 4711,
      state: 'running',
      started_at: START_MS - this.uptime * 1000,
      now: START_MS,
      uptime: this.uptime,
      config: '/etc/kamailio/kamailio.cfg',
      run_dir: '/run/kamailio',
      listeners: [{ proto: 'udp', address: '127.0.0.1', port: this.port }],
    }
  }

  snapshot(): Snapshot {
    const users = this.contacts.size
    const contacts = [...this.contacts.values()].flat().length
    const zero = { '1xx': 0, '2xx': 0, '3xx': 0, '4xx': 0, '5xx': 0, '6xx': 0 }
    const requests = { received: 0, invite: 0, register: 0, bye: 0, options: 0 }
    return {
      now: START_MS + this.asked.length * 1000,
      uptime: this.uptime,
      requests: { ...requests, forwarded: 0, dropped: 0, errors: 0, ...this.counts.requests },
      replies: { received: 0, forwarded: 0, dropped: 0, ...zero },
      sent: { ...zero, ...this.counts.sent },
      calls: { attempted: 10, answered: 7, failed: 2, ...this.counts.calls },
      transactions: { active: 3, total: 120, '2xx': 100, failed: 20 },
      registrations: { users, contacts, accepted: 40, rejected: 2, expired: 1 },
      connections: 1,
      memory: { rss: 90e6, heap_used: 40e6, heap_total: 60e6, external: 33e6 },
      cpu: { user_us: 4_000_000, system_us: 1_000_000 },
      loop: { lag_ms: 0.2, p99_ms: 1.5 },
    }
  }

  private statisticLines(wanted: readonly string[]): string[] {
    const all = Object.entries(this.statistics).flatMap(([group, values]) =>
      Object.entries(values).map(([name, value]) => ({ group, name, value })),
    )
    return all
      .filter(({ group, name }) =>
        wanted.some(word => word === 'all' || word === `${group}:` || word === name),
      )
      .map(({ group, name, value }) => `${group}:${name} = ${value}`)
  }

  private rows(aor: string) {
    return (this.contacts.get(aor) ?? []).map(entry => ({ Contact: contactRow(entry, this.port) }))
  }

  private lookup(aor: string) {
    if (this.usesDomain && !aor.includes('@')) throw new Fault(500, 'Domain missing in AOR')
    if (!this.contacts.has(aor)) throw new Fault(500, 'AOR not found in location table')
    return { AoR: aor, Contacts: this.rows(aor) }
  }

  private removeContact(aor: string, contact: string): undefined {
    const left = (this.contacts.get(aor) ?? []).filter(entry => entry.contact !== contact)
    if (left.length === this.contacts.get(aor)?.length) throw new Fault(404, 'Contact not found')
    this.contacts.set(aor, left)
    return undefined
  }

  private dump(brief: boolean) {
    const aors = [...this.contacts.keys()]
    const AoRs = brief
      ? aors.map(AoR => ({ AoR }))
      : aors.map(AoR => ({ Info: { AoR, HashID: 1, Contacts: this.rows(AoR) } }))
    const Stats = { Records: aors.length, 'Max-Slots': 1 }
    return { Domains: [{ Domain: { Domain: 'location', Size: 1024, AoRs, Stats } }] }
  }

  private configure(method: string, [group, name, value]: readonly unknown[]): unknown {
    if (method === 'cfg.list') return this.parameters.map(row => `${row.group}: ${row.name}`)
    const found = this.parameters.filter(row => row.group === group)
    if (method === 'cfg.get' && name === undefined && found.length > 0)
      return Object.fromEntries(found.map(row => [row.name, row.value]))
    const row = found.find(candidate => candidate.name === name)
    if (row === undefined) throw new Fault(400, 'Failed to get the variable')
    if (method === 'cfg.get') return row.value
    if (!row.live) throw new Fault(400, 'Failed to set the variable')
    row.value = value as string | number
    return undefined
  }

  private traceStatus() {
    const oldest_us = this.messages[0]?.time_us ?? null
    const newest = this.messages.at(-1)?.seq ?? 0
    return { enabled: true, oldest: 1, newest, oldest_us, wrapped: this.wrapped }
  }

  private findMessages(filter: TraceFilter) {
    const { callid, user, after = 0, limit = 1000 } = filter ?? {}
    const found = this.messages.filter(
      ({ text, seq }) =>
        seq > after &&
        (callid === undefined || text.includes(`Call-ID: ${callid}\r\n`)) &&
        (user === undefined || text.includes(`sip:${user}@`)),
    )
    const messages = found.slice(-limit)
    const more = found.length > limit
    return { node: this.name, status: this.traceStatus(), messages, more }
  }
}

type TraceFilter = { callid?: string; user?: string; after?: number; limit?: number } | undefined

const ALIAS = { proto: '*', address: 'example.org', port: '*' }
const TM_STATS = {
  current: 3,
  waiting: 1,
  total: 120,
  total_local: 2,
  rpl_received: 90,
  rpl_generated: 30,
  rpl_sent: 110,
  '6xx': 0,
  '5xx': 1,
  '4xx': 19,
  '3xx': 0,
  '2xx': 100,
  created: 120,
  freed: 117,
  delayed_free: 0,
}
const TRANSACTION = {
  cell: '0x1',
  tindex: 4711,
  tlabel: 1234,
  method: 'INVITE',
  from: 'From: <sip:alice@example.org>;tag=a\r\n',
  to: 'To: <sip:bob@example.org>\r\n',
  callid: 'Call-ID: 7f3a91c2@phone\r\n',
  cseq: 'CSeq: 1',
  uas_request: 'yes',
  tflags: 0,
  outgoings: 1,
  ref_count: 1,
  lifetime: 12,
}

const parameterRow = ({ group, name, value, live, doc }: Parameter) => ({
  group,
  name,
  type: typeof value === 'number' ? 'int' : 'string',
  value: String(value),
  default: String(value),
  live,
  doc,
})

function contactRow({ contact, expires, userAgent }: Contact, port: number) {
  return {
    Address: contact,
    Expires: expires,
    Q: -1,
    'Call-ID': 'r1@phone',
    CSeq: 1,
    'User-Agent': userAgent,
    Received: '[not set]',
    Path: '[not set]',
    State: 'CS_SYNC',
    Flags: 0,
    CFlags: 0,
    Socket: `udp:127.0.0.1:${port}`,
    Methods: 5951,
    Ruid: 'uloc-1',
    Instance: '[not set]',
    'Reg-Id': 0,
    'Server-Id': 0,
    'Tcpconn-Id': -1,
    Keepalive: 0,
    'Last-Keepalive': 0,
    'KA-Roundtrip': 0,
    'Last-Modified': 1795244757,
  }
}

/** A client that calls a fake node without a socket. */
class FakeClient implements Client {
  readonly endpoint: string
  readonly closed: Promise<Error | null>
  private readonly node: FakeNode
  private end: (reason: Error | null) => void = () => undefined
  private readonly own = new Set<number>()

  constructor(node: FakeNode, endpoint: string) {
    this.node = node
    this.endpoint = endpoint
    this.closed = new Promise(resolve => {
      this.end = resolve
    })
  }

  async raw(method: string, params: readonly unknown[] = []): Promise<unknown> {
    if (this.node.mood === 'gone') throw new NoAnswer('closed', this.endpoint, 'connection lost')
    if (this.node.mood === 'silent') return new Promise(() => undefined)
    // As over a wire: nobody shares objects with the node, and what is not given at the end is not
    // sent.
    const given = params.slice(0, params.findLastIndex(param => param !== undefined) + 1)
    const result = this.node.answer(method, JSON.parse(JSON.stringify(given)) as unknown[])
    return result === undefined ? undefined : (JSON.parse(JSON.stringify(result)) as unknown)
  }

  call: Client['call'] = (method, ...params) =>
    this.raw(method, params as readonly unknown[]) as never

  subscribe: Client['subscribe'] = async (topic, onEvent, options) => {
    if (this.node.mood === 'gone') throw new NoAnswer('closed', this.endpoint, 'connection lost')
    if (this.node.mood === 'silent') return new Promise<Subscription>(() => undefined)
    if (this.node.oneWay) throw new NoAnswer('protocol', this.endpoint, 'cannot send events')
    const id = this.node.subscribe(topic, onEvent as Listener, options)
    this.own.add(id)
    return { topic, close: async () => this.node.unsubscribe(id) }
  }

  async close(): Promise<void> {
    for (const id of this.own) this.node.unsubscribe(id)
    this.end(null)
  }

  /** The connection breaks. */
  lose(): void {
    for (const id of this.own) this.node.unsubscribe(id)
    this.end(new Error('connection lost'))
  }
}

/** Several fake nodes and the way to them. */
export class FakeFleet {
  readonly nodes: FakeNode[]
  readonly connect: Connect
  private readonly clients: FakeClient[] = []

  constructor(...nodes: FakeNode[]) {
    this.nodes = nodes
    this.connect = async endpoint => {
      const node = nodes.find(({ name }) => endpoint === `unix:/fake/${name}`)
      if (node === undefined || node.mood === 'gone')
        throw new NoAnswer('unreachable', endpoint, `connect ENOENT ${endpoint}`)
      const client = new FakeClient(node, endpoint)
      this.clients.push(client)
      return client
    }
  }

  /** As a fleet file would have them. */
  rows(environment: FleetNode['environment'] = 'dev'): FleetNode[] {
    return this.nodes.map(({ name }) => ({ name, endpoint: `unix:/fake/${name}`, environment }))
  }

  /** Breaks all connections; new ones are possible when the nodes' mood allows it. */
  breakConnections(): void {
    for (const client of this.clients.splice(0)) client.lose()
  }
}
