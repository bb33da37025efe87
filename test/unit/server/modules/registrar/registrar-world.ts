// A core with usrloc and registrar, a clock and a place for replies: what the conversations of
// test/compat are replayed on.
import { AvpStore, avpsOf } from '../../../../../server/core/avp.ts'
import type { Core, Formats } from '../../../../../server/core/core.ts'
import { ModuleHost } from '../../../../../server/core/host.ts'
import {
  type AnyModule,
  type ConfigFunction,
  type Format,
  type PvHandle,
  type PvValue,
  defineModule,
  NO_INDEX,
} from '../../../../../server/core/module/index.ts'
import { XavpList, xavpsOf } from '../../../../../server/core/xavp.ts'
import registrar from '../../../../../server/modules/registrar/registrar.module.ts'
import type { SlApi } from '../../../../../server/modules/sl/api.ts'
import type { UserLocation } from '../../../../../server/modules/usrloc/api.ts'
import tm from '../../../../../server/modules/tm/tm.module.ts'
import usrloc from '../../../../../server/modules/usrloc/usrloc.module.ts'
import { Fault } from '../../../../../rpc/faults.ts'
import { type Branch, SipMessage } from '../../../../../server/sip/message.ts'
import {
  type Destination,
  protoName,
  type SocketInfo,
  socketInfo,
  UDP,
} from '../../../../../server/sip/transport.ts'
import type { Word } from '../../../../compat/registrar/facts.ts'
import { received } from '../../../../kit/received.ts'
import { simulatedNetwork } from '../../../../kit/simulated-network.ts'
import { plainCore } from '../../../../kit/plain-core.ts'

const START = 1_800_000_000_000

/** Stands in for sl: keeps the replies, each as its lines. */
class Replies implements SlApi {
  readonly sent: string[][] = []

  sendReply(msg: SipMessage, code: number, reason: string): number {
    const headers = (msg.replyLumps ?? []).join('').split('\r\n').slice(0, -1)
    this.sent.push([`SIP/2.0 ${code} ${reason}`, ...headers])
    return 1
  }
  reply(msg: SipMessage, code: number, reason: string): number {
    return this.sendReply(msg, code, reason)
  }
  errorReply(): number {
    return 1
  }
  localTag(): string {
    return ''
  }
}

const sl = defineModule({
  name: 'sl',
  doc: 'Keeps replies.',
  needs: {},
  params: {},
  instance: Replies,
})

const text = (value: PvValue): string => (value === null ? '<null>' : String(value))

export class World {
  readonly core: Core
  readonly replies: Replies
  readonly marks: string[] = []
  /** What was sent, and where to. */
  readonly sent: { text: string; to: Destination }[] = []
  readonly socket: SocketInfo
  private now = START
  private readonly host: ModuleHost
  private readonly surfaces: Record<string, AnyModule> = { usrloc, registrar, tm }
  private id = 0

  constructor(
    port: number,
    params: Record<string, Record<string, string | number>> = {},
    advertised: { host: string; port: number } | null = null,
  ) {
    this.socket = socketInfo(UDP, '127.0.0.1', port, advertised, '')
    const formats: Formats = {
      compile: format => msg => this.format(msg, format),
      pvar: name => this.pvar(name),
      target: name => this.pvar(name),
    }
    const clock = { now: () => this.now, monotonic: () => this.now - START }
    this.core = plainCore({
      clock,
      formats,
      network: () =>
        simulatedNetwork({
          send: (packet, to) => this.sent.push({ text: packet, to }) > 0,
          resolve: (host, port, proto, _secure, done) => done({ ip: host, port, proto }),
          socketFor: () => this.socket,
        }),
    })
    this.core.sockets.add(this.socket)
    this.host = new ModuleHost(this.core)
    const values = Object.entries(params).flatMap(([module, own]) =>
      Object.entries(own).map(([name, value]) => ({ module, name, value, at: '' })),
    )
    this.host.make([usrloc, sl, registrar, tm] as AnyModule[], values)
    this.host.link()
    this.replies = this.host.instance('sl') as Replies
  }

  start(): Promise<void> {
    return this.host.start()
  }

  stop(): Promise<void> {
    return this.host.stop()
  }

  get usrloc(): UserLocation {
    return this.host.instance('usrloc') as UserLocation
  }

  /** Grows with each call. */
  nextCSeq(): number {
    return this.id + 1
  }

  /** Makes an event route; before start(). */
  eventRoute(name: string, words: Word[]): void {
    const run = (msg: SipMessage): number => {
      this.run(msg, words)
      return 1
    }
    this.core.routes.table.add({ kind: 'event', name, run })
  }

  /** Lets seconds pass; timers run. */
  pass(seconds: number): void {
    for (let i = 0; i < seconds; i++) this.tick(1000)
  }

  /** Lets milliseconds pass at once; timers run. */
  tick(milliseconds = 10): void {
    this.now += milliseconds
    this.core.timers.run()
  }

  message(raw: string): SipMessage {
    const at = { srcIp: '127.0.0.1', srcPort: 27170, dstPort: this.socket.port }
    return new SipMessage(raw, received({ ...at, socket: this.socket }), ++this.id)
  }

  /** Runs the words of a script. */
  run(msg: SipMessage, words: readonly Word[]): void {
    for (const [name, ...args] of words) {
      if (name === 'call') this.call(msg, String(args[0]), args.slice(1))
      else if (name === 'show') this.show(msg)
      else if (name === 'print') this.marks.push(this.format(msg, String(args[0])))
      else if (name === 'setflag') msg.flags |= 1 << Number(args[0])
      else if (name === 'setbflag') msg.branchFlags |= 1 << Number(args[0])
      else if (name === 'append_branch') appendBranch(msg, String(args[0]))
      else if (name === 'avp') avpsOf(msg).push(String(args[0]), args[1]!)
      else if (name === 'xavp') setXavp(msg, String(args[0]), args[1]!)
      else throw new Error(`no word ${name}`)
    }
  }

  private call(msg: SipMessage, name: string, args: (string | number)[]): void {
    const owner = name.startsWith('t_') ? 'tm' : 'registrar'
    const row = this.surfaces[owner]!.functions?.[name] as ConfigFunction<unknown>
    const values = args.map((arg, i) => {
      const kind = row.args[i]!
      const value = kind.kind === 'text' ? String(arg) : this.format(msg, String(arg))
      if (kind.kind === 'parsed') return kind.parse!(value, this.core.formats) as unknown
      return kind.kind === 'int' ? Number(value) : value
    })
    const code = row.run(this.host.instance(owner), msg, ...values)
    this.marks.push(`${name} ${code}`)
  }

  /** The code of a function that may have to wait for it. */
  verdict(msg: SipMessage, name: string, ...args: string[]): number | Promise<number> {
    const row = (registrar as AnyModule).functions?.[name] as ConfigFunction<unknown>
    const values = args.map((arg, i) => row.args[i]!.parse?.(arg, this.core.formats) ?? arg)
    return row.run(this.host.instance('registrar'), msg, ...values)
  }

  private show(msg: SipMessage): void {
    const socket = (s: SocketInfo | null): string =>
      s === null ? '<null>' : `${protoName(s.proto)}:${s.host}:${s.port}`
    const or = (value: string): string => value || '<null>'
    const count = msg.branches?.length ?? 0
    this.marks.push(
      `ru=${msg.uri}|du=${or(msg.dstUri)}|fs=${socket(msg.forceSocket)}|bf=${msg.branchFlags}` +
        `|ruid=${or(msg.ruid)}|ua=${or(msg.userAgent)}|n=${count === 0 ? '<null>' : count}`,
    )
    for (const b of msg.branches ?? []) {
      const q = b.q < 0 ? '<null>' : b.q
      this.marks.push(
        `uri=${b.uri}|du=${or(b.dstUri)}|q=${q}|fs=${socket(b.socket)}|bf=${b.flags}` +
          `|ruid=${or(b.ruid)}|ua=${or(b.userAgent)}`,
      )
    }
  }

  /** Calls an RPC command as a client would see it. */
  rpc(name: string, params: (string | number)[]): unknown {
    if (name === 'stats.get_statistics') {
      const group = String(params[0]).slice(0, -1)
      const counters = this.core.counters.inGroup(group)
      return counters.map(c => `${group}:${c.name} = ${c.current()}`).toSorted()
    }
    const handlers = this.surfaces['usrloc']!.rpc!.handlers as Record<string, Function>
    try {
      const answer: unknown = handlers[name]!(this.host.instance('usrloc'), ...params)
      return answer === undefined ? {} : answer
    } catch (error) {
      if (error instanceof Fault) return { code: error.code, message: error.message }
      throw error
    }
  }

  private format(msg: SipMessage, format: string): string {
    return format.replaceAll(
      /\$(?:(\w+)(?:\(([^()]*)\))?|\((\w+)\(([^()]*)\)\[(\d+)\]\))/g,
      (_all, name: string, inner: string, name2: string, inner2: string, index: string) =>
        text(this.value(msg, name ?? name2, inner ?? inner2, index)),
    )
  }

  private value(msg: SipMessage, name: string, inner: string, index = ''): PvValue {
    if (name === 'ru') return msg.uri
    if (name === 'tu') return msg.to?.uri ?? null
    if (name === 'sas') return `udp:${msg.received.srcIp}:${msg.received.srcPort}`
    if (name === 'avp') return (msg.avps as AvpStore | null)?.get(inner) ?? null
    if (name === 'xavp') {
      const [, root = '', at = '0', key = ''] = /^(\w+)(?:\[(\d+)\])?=>(\w+)$/.exec(inner) ?? []
      return (xavpsOf(msg).list(root, Number(at))?.get(key) ?? null) as PvValue
    }
    if (name === 'branch') {
      const branch: Branch | undefined = msg.branches?.[Number(index)]
      return branch?.[inner as 'path'] || null
    }
    const row = (registrar as AnyModule).pvars![name]!
    const at = index === '' ? NO_INDEX : Number(index)
    return row.get(this.host.instance('registrar'), msg, row.parse!(inner), at)
  }

  private pvar(name: string): PvHandle {
    const read: Format = msg => this.format(msg, name)
    const get = (msg: SipMessage): PvValue => {
      const value = read(msg)
      return value === '<null>' ? null : value
    }
    return { text: name, get, set: null }
  }
}

function appendBranch(msg: SipMessage, uri: string): void {
  const rest = { instance: '', regId: 0, ruid: '', userAgent: '', connection: 0 }
  const branch = { uri, dstUri: '', path: '', q: -1, flags: 0, socket: null, ...rest }
  msg.branches = [...(msg.branches ?? []), branch]
}

/** `$xavp(a=>b) = x` makes a new a; `$xavp(a[0]=>b) = x` adds to the first. */
function setXavp(msg: SipMessage, name: string, value: string | number): void {
  const [, root = '', first = '', key = ''] = /^(\w+)(\[0\])?=>(\w+)$/.exec(name) ?? []
  const root0 = xavpsOf(msg)
  const list = first === '' ? new XavpList() : root0.list(root)!
  if (first === '') root0.add(root, list)
  list.set(key, value)
}
