// A proxy in a box: tm and sl on a fake clock and a fake wire, with a routing script in JavaScript.
import type { Core } from '../../../../../server/core/core.ts'
import {
  type ConfigOf,
  type Params,
  type RouteBlock,
  type RouteKind,
} from '../../../../../server/core/module/index.ts'
import { defaultCoreParams } from '../../../../../server/core/params.ts'
import { Receiver } from '../../../../../server/core/receive.ts'
import { CoreStatistics } from '../../../../../server/core/statistics.ts'
import type { Resolved } from '../../../../../server/core/network.ts'
import { SeededRandom } from '../../../../../server/lib/random.ts'
import { params as slParams, stats as slStats } from '../../../../../server/modules/sl/sl.module.ts'
import { Sl } from '../../../../../server/modules/sl/sl.ts'
import { params as tmParams } from '../../../../../server/modules/tm/params.ts'
import { Tm } from '../../../../../server/modules/tm/tm.ts'
import type { SipMessage } from '../../../../../server/sip/message.ts'
import { type Destination, socketInfo, TCP, UDP } from '../../../../../server/sip/transport.ts'
import { SipText } from '../../../../kit/sip-text.ts'
import { simulatedNetwork } from '../../../../kit/simulated-network.ts'
import { plainCore } from '../../../../kit/plain-core.ts'

export const PROXY = '10.0.0.1'
export const CALLER = '10.0.0.2'

export interface Sent {
  readonly to: string
  readonly at: number
  readonly proto: number
  readonly sip: SipText
}

type Script = (msg: SipMessage) => number | undefined

const defaults = <P extends Params>(params: P): ConfigOf<P> =>
  Object.fromEntries(
    Object.entries(params).map(([name, param]) => [name, param.default]),
  ) as ConfigOf<P>

export class TestProxy {
  readonly core: Core
  readonly tm: Tm
  readonly sl: Sl
  readonly config: ConfigOf<typeof tmParams>
  readonly sent: Sent[] = []
  readonly log: string[] = []
  /** Addresses to which nothing can be sent. */
  readonly broken = new Set<string>()
  /** Names under way to be resolved. */
  readonly lookups = new Map<string, (to: Resolved | null) => void>()
  milliseconds = 0
  private taken = 0
  private readonly receiver: Receiver
  private readonly sockets = [
    socketInfo(UDP, PROXY, 5060, null, ''),
    socketInfo(TCP, PROXY, 5060, null, ''),
  ]

  constructor(script: (proxy: TestProxy, msg: SipMessage) => number | undefined) {
    const clock = {
      now: () => 1_800_000_000_000 + this.milliseconds,
      monotonic: () => this.milliseconds,
    }
    this.core = plainCore({
      clock,
      random: new SeededRandom(7),
      params: {
        ...defaultCoreParams(),
        server_header: 'Server: test',
        user_agent_header: 'User-Agent: test',
      },
      network: () =>
        simulatedNetwork({
          send: (text, to) => this.send(text, to),
          resolve: (host, port, proto, _secure, done) => {
            if (host.endsWith('.invalid')) done(null)
            else if (host.endsWith('.slow')) this.lookups.set(host, done)
            else done({ ip: host, port, proto: proto || UDP })
          },
          socketFor: proto => this.sockets.find(socket => socket.proto === proto) ?? null,
        }),
    })
    for (const socket of this.sockets) this.core.sockets.add(socket)
    this.core.log.addSink(line => this.log.push(line.text))
    this.core.routes.request = this.block('request', '', msg => script(this, msg))
    this.config = defaults(tmParams)
    this.tm = new Tm({ core: this.core, config: this.config, apis: {}, stats: {} })
    const counters = Object.keys(slStats).map(name => [
      name,
      this.core.counters.register('sl', name, ''),
    ])
    this.sl = new Sl({
      core: this.core,
      config: defaults(slParams),
      apis: { tm: this.tm },
      stats: Object.fromEntries(counters),
    })
    this.receiver = new Receiver(this.core, new CoreStatistics(this.core.counters))
  }

  /** Routes and parameters are set by now. */
  start(): this {
    this.tm.start()
    this.sl.start()
    return this
  }

  block(kind: RouteKind, name: string, script: Script): RouteBlock {
    const block: RouteBlock = { kind, name, run: msg => script(msg) ?? 1 }
    this.core.routes.table.add(block)
    return block
  }

  private send(text: string, to: Destination): boolean {
    const address = `${to.ip}:${to.port}`
    if (this.broken.has(address)) return false
    this.sent.push({ to: address, at: this.milliseconds, proto: to.proto, sip: new SipText(text) })
    return true
  }

  /** A datagram from an address. */
  receive(text: string, from = CALLER, port = 5060, proto = UDP): void {
    this.receiver.receive(text, {
      proto,
      srcIp: from,
      srcPort: port,
      dstIp: PROXY,
      dstPort: 5060,
      socket: this.sockets[proto === UDP ? 0 : 1]!,
      connection: proto === UDP ? 0 : 1,
    })
  }

  /** Lets time pass, tick by tick. */
  pass(milliseconds: number): void {
    for (let left = milliseconds; left > 0; left -= 10) {
      this.milliseconds += Math.min(10, left)
      this.core.timers.run()
    }
  }

  /** Takes what was sent since the last time, as `address first-line` without the version. */
  take(): string[] {
    const news = this.sent.slice(this.taken)
    this.taken = this.sent.length
    return news.map(({ to, sip }) => `${to.replace(':5060', '')} ${short(sip)}`)
  }

  /** Steps over the 100 that an INVITE got. */
  trying(): void {
    const first = this.sent[this.taken]
    if (first?.sip.status !== 100) throw new Error('there was no 100')
    this.taken++
  }

  /** The newest message to an address. */
  last(to: string): SipText {
    const found = this.sent.findLast(sent => sent.to === `${to}:5060`)
    if (found === undefined) throw new Error(`nothing was sent to ${to}`)
    return found.sip
  }

  /** A branch answers the newest request that it got. */
  answer(from: string, code: number, reason = 'Reason', extra = '', method = ''): void {
    const request = this.sent.findLast(
      ({ to, sip }) =>
        to === `${from}:5060` &&
        sip.isRequest &&
        sip.method !== 'ACK' &&
        (method === '' || sip.method === method),
    )
    if (request === undefined) throw new Error(`${from} got no request`)
    this.receive(replyTo(request.sip, code, reason, extra), from)
  }
}

function short(sip: SipText): string {
  if (sip.isRequest) return `${sip.method} ${sip.uri}`
  return `${sip.first.slice(8)} ${sip.method}`
}

export function replyTo(request: SipText, code: number, reason: string, extra = ''): string {
  const lines = [`SIP/2.0 ${code} ${reason}`]
  for (const [name, value] of request.headers) {
    const lower = name.toLowerCase()
    if (['via', 'from', 'call-id', 'cseq', 'record-route'].includes(lower))
      lines.push(`${name}: ${value}`)
    if (lower === 'to')
      lines.push(`To: ${value}${code > 100 && !value.includes('tag=') ? ';tag=b' : ''}`)
  }
  return `${lines.join('\r\n')}\r\n${extra}Content-Length: 0\r\n\r\n`
}

export interface RequestOptions {
  branch?: string
  cseq?: number
  toTag?: string
  extra?: string
  callId?: string
  uri?: string
}

/** A request of the caller. */
export function request(method: string, user: string, options: RequestOptions = {}): string {
  const { branch = 'z9hG4bK-1', cseq = 1, toTag = '', extra = '', callId = 'c1' } = options
  const uri = options.uri ?? `sip:${user}@${PROXY}`
  return [
    `${method} ${uri} SIP/2.0`,
    `Via: SIP/2.0/UDP ${CALLER};branch=${branch}`,
    'Max-Forwards: 70',
    'From: <sip:alice@example.org>;tag=a',
    `To: <sip:${user}@example.org>${toTag === '' ? '' : `;tag=${toTag}`}`,
    `Call-ID: ${callId}`,
    `CSeq: ${cseq} ${method}`,
    `${extra}Content-Length: 0`,
    '',
    '',
  ].join('\r\n')
}
