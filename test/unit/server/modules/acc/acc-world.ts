// A node with tm, rr and acc on a fake clock and a fake wire, whose script is the words of a
// recorded call.
import { avpOf, avpsOf, parseAvpName } from '../../../../../server/core/avp.ts'
import type { Core, Formats } from '../../../../../server/core/core.ts'
import { ModuleHost } from '../../../../../server/core/host.ts'
import { levelName } from '../../../../../server/core/log.ts'
import type { AnyModule, ConfigFunction, PvValue } from '../../../../../server/core/module/index.ts'
import { Receiver } from '../../../../../server/core/receive.ts'
import { CoreStatistics } from '../../../../../server/core/statistics.ts'
import { SeededRandom } from '../../../../../server/lib/random.ts'
import acc from '../../../../../server/modules/acc/acc.module.ts'
import dbSqlite from '../../../../../server/modules/db_sqlite/db_sqlite.module.ts'
import rr from '../../../../../server/modules/rr/rr.module.ts'
import sl from '../../../../../server/modules/sl/sl.module.ts'
import tm from '../../../../../server/modules/tm/tm.module.ts'
import type { SipMessage } from '../../../../../server/sip/message.ts'
import { type SocketInfo, socketInfo, UDP } from '../../../../../server/sip/transport.ts'
import { type Call, SERVER_PORT, type Word } from '../../../../compat/acc/facts.ts'
import { simulatedNetwork } from '../../../../kit/simulated-network.ts'
import { plainCore } from '../../../../kit/plain-core.ts'

const SURFACES = [dbSqlite, tm, sl, rr, acc] as unknown as AnyModule[]

export class AccWorld {
  readonly core: Core
  readonly sent: { port: number; text: string }[] = []
  /** Accounting lines: the name of their level and their text. */
  readonly log: string[] = []
  /** Told of what is sent, before it is noted. */
  onSend: (text: string) => void = () => undefined
  private readonly host: ModuleHost
  private readonly receiver: Receiver
  private readonly socket: SocketInfo = socketInfo(UDP, '127.0.0.1', SERVER_PORT, null, '')
  private milliseconds = 0

  constructor(
    call: Pick<Call, 'params' | 'on' | 'onFailure'>,
    runDir = '',
    more: readonly AnyModule[] = [],
  ) {
    const surfaces = [...SURFACES, ...more]
    this.core = plainCore({
      clock: {
        now: () => 1_800_000_000_123.456 + this.milliseconds,
        monotonic: () => this.milliseconds,
      },
      random: new SeededRandom(3),
      options: { runDir },
      formats: this.formats(),
      network: () =>
        simulatedNetwork({
          send: (text, to) => {
            this.onSend(text)
            return this.sent.push({ port: to.port, text }) > 0
          },
          resolve: (host, port, proto, _secure, done) =>
            done({ ip: host, port, proto: proto || UDP }),
          socketFor: () => this.socket,
        }),
    })
    this.core.sockets.add(this.socket)
    this.core.log.threshold = 1
    this.core.log.addSink(({ level, source, text }) => {
      if (source === 'acc') this.log.push(`${levelName(level)}: ${text}`)
    })
    this.host = new ModuleHost(this.core)
    for (const surface of surfaces) this.core.registry.add(surface)
    const values = Object.entries(call.params ?? {}).flatMap(([module, own]) =>
      Object.entries(own).map(([name, value]) => ({ module, name, value, at: '' })),
    )
    const failure = (msg: SipMessage): number => this.run(msg, call.onFailure ?? [])
    this.core.routes.table.add({ kind: 'failure', name: 'F', run: failure })
    const request = (msg: SipMessage): number =>
      this.run(msg, call.on[msg.method] ?? call.on['*'] ?? [])
    this.core.routes.request = { kind: 'request', name: '', run: request }
    this.host.make(surfaces, values)
    this.host.link()
    this.receiver = new Receiver(this.core, new CoreStatistics(this.core.counters))
  }

  start(): Promise<void> {
    return this.host.start()
  }

  async stop(): Promise<void> {
    await this.host.stop()
    await this.core.databases.close()
  }

  /** Waits until all records have arrived where they belong. */
  async delivered(): Promise<void> {
    const waiting = () => this.core.spools.status().some(spool => spool.pending > 0)
    while (waiting()) await new Promise(resolve => setTimeout(resolve, 1))
  }

  instance(module: string): unknown {
    return this.host.instance(module)
  }

  receive(text: string, port: number): void {
    this.receiver.receive(text, {
      proto: UDP,
      srcIp: '127.0.0.1',
      srcPort: port,
      dstIp: '127.0.0.1',
      dstPort: SERVER_PORT,
      socket: this.socket,
      connection: 0,
    })
  }

  pass(milliseconds: number): void {
    for (let left = milliseconds; left > 0; left -= 10) {
      this.milliseconds += 10
      this.core.timers.run()
    }
  }

  private run(msg: SipMessage, words: readonly Word[]): number {
    for (const [name, ...args] of words) {
      if (name === 'setflag') msg.flags |= 1 << Number(args[0])
      else if (name === 'avp') avpsOf(msg).push(String(args[0]), args[1]!)
      else if (name === 'append_branch') addBranch(msg, String(args[0]))
      else this.call(msg, name, args)
    }
    return 1
  }

  private call(msg: SipMessage, name: string, args: (string | number)[]): void {
    const entry = this.core.registry.function(name)
    if (entry === null) throw new Error(`no function ${name}`)
    const row = entry.row as ConfigFunction<unknown>
    const values = args.map((arg, i) => {
      const kind = row.args[i]!
      const text = this.format(msg, String(arg))
      if (kind.kind === 'parsed') return kind.parse!(text, this.core.formats) as unknown
      if (kind.kind === 'route') return this.core.routes.find('failure', text)
      return kind.kind === 'int' ? Number(text) : text
    })
    row.run(this.host.instance(entry.module), msg, ...values)
  }

  private formats(): Formats {
    return {
      compile: format => msg => this.format(msg, format),
      pvar: name => ({ text: name, get: msg => value(msg, name), set: null }),
      target: name => ({ text: name, get: msg => value(msg, name), set: null }),
    }
  }

  private format(msg: SipMessage, format: string): string {
    // The only format with a name in brackets that spans blanks is the one for times.
    if (/^\$u?timef\(/.test(format))
      return format.includes('%H')
        ? `2027-01-15 08:00:00${/ UTC/.test(format) ? ' UTC' : ''}`
        : '2026/11'
    return format.replaceAll(/\$\w+(?:\([^()]*\))?/g, name => String(value(msg, name) ?? '<null>'))
  }
}

/** The variables that the recorded scripts and parameters use. */
function value(msg: SipMessage, name: string): PvValue {
  const inner = /\((.*)\)/.exec(name)?.[1] ?? ''
  if (name.startsWith('$avp(')) return avpOf(msg, parseAvpName(inner)!)
  if (name.startsWith('$hdr(')) {
    const index = msg.findNamed(inner)
    return index < 0 ? null : msg.bodyAt(index)
  }
  const values: Record<string, () => PvValue> = {
    $rm: () => msg.method,
    $ru: () => msg.uri,
    $rU: () => msg.sipUri?.user ?? null,
    $rd: () => msg.sipUri?.host ?? null,
    $fU: () => msg.from?.sipUri?.user ?? null,
    $fd: () => msg.from?.sipUri?.host ?? null,
    $tU: () => msg.to?.sipUri?.user ?? null,
    $si: () => msg.received.srcIp,
  }
  return values[name]!()
}

function addBranch(msg: SipMessage, uri: string): void {
  const rest = { instance: '', regId: 0, ruid: '', userAgent: '', connection: 0 }
  const branch = { uri, dstUri: '', path: '', q: -1, flags: 0, socket: null, ...rest }
  if (msg.branches === null) msg.branches = [branch]
  else msg.branches.push(branch)
}
