// What the real Kamailio did to requests with Route and Record-Route, again with rr.
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { makeCore } from '../../../../../server/boot/make-core.ts'
import type { Core, Formats } from '../../../../../server/core/core.ts'
import { ModuleHost } from '../../../../../server/core/host.ts'
import { type AnyModule, type ConfigFunction, NO_INDEX } from '../../../../../server/core/module.ts'
import type { Network } from '../../../../../server/core/network.ts'
import { defaultCoreParams } from '../../../../../server/core/params.ts'
import { Registry } from '../../../../../server/core/registry.ts'
import { Vars } from '../../../../../server/core/vars.ts'
import { SeededRandom } from '../../../../../server/lib/random.ts'
import rr from '../../../../../server/modules/rr/rr.module.ts'
import { SipMessage } from '../../../../../server/sip/message.ts'
import { printRequest } from '../../../../../server/sip/print.ts'
import {
  protoName,
  protoNumber,
  type SocketInfo,
  socketInfo,
} from '../../../../../server/sip/transport.ts'
import {
  type Fact,
  type Facts,
  FOLDER,
  LISTEN,
  maskBranch,
  messageText,
  PEER_PORT,
  type SocketName,
} from '../../../../compat/rr/facts.ts'
import { received } from '../../../../kit/received.ts'

/** The parts of a listen line: `udp:127.0.0.1:27160 name "main"`. */
function socketOf(line: string): SocketInfo {
  const [proto = '', address = '', port = ''] = line.split(' ')[0]!.split(':')
  const [, host = '', advertised = ''] = /advertise (.*):(\d+)/.exec(line) ?? []
  const told = host === '' ? null : { host, port: Number(advertised) }
  const name = /name "(.*)"/.exec(line)?.[1] ?? ''
  return socketInfo(protoNumber(proto), address, Number(port), told, name)
}

const sockets = Object.fromEntries(
  Object.entries(LISTEN).map(([name, line]) => [name, socketOf(line)]),
) as Record<SocketName, SocketInfo>

const formats: Formats = {
  compile: text => () => text,
  pvar: text => ({ text, get: () => null, set: null }),
}

function coreWith(): Core {
  const clock = { now: () => 0, monotonic: () => 0 }
  const core = makeCore({
    clock,
    random: new SeededRandom(1),
    options: {
      configFile: '/x.cfg',
      runDir: '/tmp',
      workDir: '/tmp',
      nodeName: 'n1',
      argv: [],
      pidFile: '',
      logToStderr: false,
      logColor: false,
    },
    params: defaultCoreParams(),
    registry: new Registry(),
    formats,
    vars: new Vars(),
    network: () => ({}) as Network,
    shutdown: () => {},
  })
  for (const socket of Object.values(sockets)) core.sockets.add(socket)
  return core
}

function replay(fact: Fact): Fact {
  const host = new ModuleHost(coreWith())
  const surface = rr as AnyModule
  const values = Object.entries(fact.params?.['rr'] ?? {}).map(([name, value]) => ({
    module: 'rr',
    name,
    value,
    at: '',
  }))
  host.make([surface], values)
  const self = host.instance('rr')
  const from = { srcIp: '127.0.0.1', srcPort: PEER_PORT, socket: sockets.main }
  const msg = new SipMessage(messageText(fact), received(from), 1)
  const returned = fact.calls.map(([name, ...args]) => {
    const row = surface.functions![name!] as ConfigFunction<unknown>
    const given = args.map((arg, i) => {
      const kind = row.args[i]!
      if (kind.kind === 'parsed') return kind.parse!(arg, formats) as unknown
      return kind.kind === 'int' ? Number(arg) : arg
    })
    return String(row.run(self, msg, ...given))
  })
  const variable = (name: string, inner = ''): string => {
    const row = surface.pvars![name]!
    const value = row.get(self, msg, row.parse?.(inner), NO_INDEX)
    return value === null ? '<null>' : String(value)
  }
  const fs = msg.forceSocket
  const direction = `${variable('rdir', 'id')} ${variable('rdir', 'name')}`
  const state = [
    msg.uri,
    msg.dstUri || '<null>',
    fs === null ? '<null>' : `${protoName(fs.proto)}:${fs.host}:${fs.port}`,
    variable('route_uri'),
    direction,
    variable('fti'),
    variable('tti'),
  ].join('|')
  const socket = sockets[fact.from ?? 'main']
  const via = `${socket.viaPrefix}z9hG4bK\r\n`
  const sent = maskBranch(printRequest(msg, msg.uri, via, '', socket))
  return { ...fact, returned, state, sent }
}

for (const name of readdirSync(FOLDER).filter(file => file.endsWith('.json'))) {
  const { facts } = JSON.parse(readFileSync(join(FOLDER, name), 'utf8')) as Facts
  describe(`${name}, as Kamailio has it`, () => {
    const titled = facts.map(fact => ({
      fact,
      title: JSON.stringify([fact.params, fact.calls[0], fact.request, fact.headers, fact.from]),
    }))
    test.for(titled)('$title', ({ fact }) => {
      expect(replay(fact)).toEqual(fact)
    })
  })
}
