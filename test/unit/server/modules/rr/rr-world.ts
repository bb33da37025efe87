// A node with the sockets of the facts, rr, path and perhaps outbound, and nothing that sends.
import { ModuleHost } from '../../../../../server/core/host.ts'
import {
  type AnyModule,
  type ConfigFunction,
  NO_INDEX,
} from '../../../../../server/core/module/index.ts'
import type { RecordRouting } from '../../../../../server/modules/rr/api.ts'
import outbound from '../../../../../server/modules/outbound/outbound.module.ts'
import path from '../../../../../server/modules/path/path.module.ts'
import rr from '../../../../../server/modules/rr/rr.module.ts'
import type { SipMessage } from '../../../../../server/sip/message.ts'
import { protoNumber, type SocketInfo, socketInfo } from '../../../../../server/sip/transport.ts'
import type { Params } from '../../../../compat/registrar/kamailio.ts'
import { LISTEN, type SocketName } from '../../../../compat/rr/facts.ts'
import { plainCore } from '../../../../kit/plain-core.ts'

/** The parts of a listen line: `udp:127.0.0.1:27160 name "main"`. */
function socketOf(line: string): SocketInfo {
  const [proto = '', address = '', port = ''] = line.split(' ')[0]!.split(':')
  const [, host = '', advertised = ''] = /advertise (.*):(\d+)/.exec(line) ?? []
  const told = host === '' ? null : { host, port: Number(advertised) }
  const name = /name "(.*)"/.exec(line)?.[1] ?? ''
  return socketInfo(protoNumber(proto), address, Number(port), told, name)
}

export const sockets = Object.fromEntries(
  Object.entries(LISTEN).map(([name, line]) => [name, socketOf(line)]),
) as Record<SocketName, SocketInfo>

export class RrWorld {
  readonly log: string[] = []
  private readonly core = plainCore()
  private readonly host: ModuleHost
  private readonly surfaces: AnyModule[]

  constructor(params: Params, withOutbound = false) {
    const { core } = this
    for (const socket of Object.values(sockets)) core.sockets.add(socket)
    core.log.addSink(({ text }) => this.log.push(text))
    this.host = new ModuleHost(core)
    const values = Object.entries(params).flatMap(([module, own]) =>
      Object.entries(own).map(([name, value]) => ({ module, name, value, at: '' })),
    )
    this.surfaces = withOutbound ? [outbound, rr, path] : [rr, path]
    this.host.make(this.surfaces, values)
  }

  get rr(): RecordRouting {
    return this.host.instance('rr') as RecordRouting
  }

  /** Calls a function of the module as a script would. */
  call(msg: SipMessage, name: string, ...args: (string | number)[]): number {
    if (name === 'setflag') {
      msg.flags |= 1 << Number(args[0])
      return 1
    }
    const surface = this.surfaces.find(({ functions }) => functions?.[name] !== undefined)!
    const row = surface.functions![name] as ConfigFunction<unknown>
    const given = args.map((arg, i) => {
      const kind = row.args[i]!
      if (kind.kind === 'parsed') return kind.parse!(String(arg), this.core.formats) as unknown
      return kind.kind === 'int' ? Number(arg) : arg
    })
    return row.run(this.host.instance(surface.name), msg, ...given)
  }

  /** The value of a pseudo-variable as it is printed. */
  variable(msg: SipMessage, name: string, inner = ''): string {
    const row = (rr as AnyModule).pvars![name]!
    const value = row.get(this.rr, msg, row.parse?.(inner), NO_INDEX)
    return value === null ? '<null>' : String(value)
  }
}
