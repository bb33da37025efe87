/** `ohana.*`: the node as one thing, its trace, its log, and news as they happen. */
import type { ohana } from '../../../rpc/contract/ohana.ts'
import { Fault } from '../../../rpc/faults.ts'
import type { ResultOf } from '../../../rpc/schema.ts'
import { protoName } from '../../sip/transport.ts'
import type { CfgValue } from '../cfg.ts'
import type { Core } from '../core.ts'
import type { Handlers } from '../module/index.ts'
import { collectGarbage } from './collect.ts'
import type { CommandEnvironment } from './environment.ts'
import type { Connection } from './registry.ts'
import { memoryByKind, takeSnapshot } from './snapshot.ts'
import { logRow } from './subscriptions.ts'
import { search, traceStatusOf } from './trace-search.ts'

const COMPATIBLE_WITH = 'Kamailio 5.6.3'
const TAIL_LINES = 100

type Contract = typeof ohana
type Parameter = ResultOf<Contract['ohana.parameters']>[number]

export const ohanaHandlers: Handlers<CommandEnvironment, Contract> = {
  'ohana.node': ({ core, facts }) => ({
    name: core.options.nodeName,
    version: facts.version,
    compat: COMPATIBLE_WITH,
    pid: process.pid,
    state: facts.state(),
    started_at: Math.round(core.startedAt),
    now: Math.round(core.clock.now()),
    uptime: Math.floor((core.clock.now() - core.startedAt) / 1000),
    config: core.options.configFile,
    run_dir: core.options.runDir,
    listeners: core.sockets.list.map(socket => ({
      proto: protoName(socket.proto),
      address: socket.address,
      port: socket.port,
      ...(socket.advertisedHost === socket.host && socket.advertisedPort === socket.port
        ? {}
        : { advertised: `${socket.advertisedHost}:${socket.advertisedPort}` }),
      ...(socket.name === '' ? {} : { name: socket.name }),
    })),
  }),
  'ohana.snapshot': takeSnapshot,
  'ohana.memory': (_, collect = 0) => {
    if (collect !== 0) collectGarbage()
    return memoryByKind()
  },
  'ohana.statistics': ({ core: { counters } }) =>
    Object.fromEntries(
      counters
        .groupNames()
        .sort()
        .map(group => [
          group,
          Object.fromEntries(counters.inGroup(group).map(c => [c.name, Math.trunc(c.current())])),
        ]),
    ),
  'ohana.parameters': ({ core }) => parameters(core),
  'ohana.trace.find': async ({ core }, filter) => {
    if (filter.callid === undefined && filter.user === undefined && filter.limit === undefined) {
      throw new Fault(400, 'say which messages: callid, user or limit')
    }
    const { messages, more } = await search(core.trace, filter)
    return { node: core.options.nodeName, status: traceStatusOf(core.trace), messages, more }
  },
  'ohana.trace.status': ({ core }) => traceStatusOf(core.trace),
  'ohana.trace.enable': ({ core }, on) => {
    core.trace.enabled = on !== 0
  },
  'ohana.log.tail': ({ core }, lines = TAIL_LINES) =>
    core.log.tail(lines).map(logRow) as ResultOf<Contract['ohana.log.tail']>,
  'ohana.subscribe': ({ core, subscriptions }, topic, options = {}) => ({
    subscription: subscriptions.start(caller(core), topic, options),
  }),
  'ohana.unsubscribe': ({ core, subscriptions }, id) => {
    if (!subscriptions.stop(caller(core), id)) throw new Fault(404, `no subscription ${id}`)
  },
}

function caller(core: Core): Connection {
  const connection = core.rpc.caller?.connection ?? null
  if (connection === null) {
    throw new Fault(400, 'events need a connection that stays: Unix socket or WebSocket')
  }
  return connection
}

const asText = (value: CfgValue | undefined): string | null =>
  value === undefined ? null : String(value)

function parameters({ cfg }: Core): Parameter[] {
  return cfg.groupNames().flatMap(group =>
    cfg.variables(group).map(variable => {
      const { name } = variable
      const pending = cfg.delayed.findLast(
        change => change.group === group && change.name === name && change.instance === null,
      )
      return {
        group,
        name,
        type: variable.kind,
        value: asText(cfg.get(group, name)),
        default: asText(variable.default),
        ...(variable.min === undefined ? {} : { min: variable.min }),
        ...(variable.max === undefined ? {} : { max: variable.max }),
        live: variable.live,
        ...(pending === undefined || pending.value === null
          ? {}
          : { pending: String(pending.value) }),
        doc: variable.doc,
      }
    }),
  )
}
