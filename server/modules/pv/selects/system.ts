/** @cfg_get, @src, @dst, @received, @sys and @branch. */
import { inBrackets } from '../../../lib/ip.ts'
import type { Core } from '../../../core/core.ts'
import type { Received } from '../../../sip/transport.ts'
import { protoName } from '../../../sip/transport.ts'
import type { Branch } from '../../../sip/message.ts'
import { fieldsOf, strftime } from '../strftime.ts'
import { branch, leaf, orNull, type Root, type Select, type Step } from './step.ts'

/** `cfg_get.group.name`, `cfg_get["group"].name`: a runtime parameter as it is now. */
const cfgGet: Root = (step, rest) => {
  const words = [
    ...step.keys.map(String),
    ...rest.flatMap(next => [next.name, ...next.keys.map(String)]),
  ]
  const [group, name] = words
  if (words.length !== 2 || group === undefined || name === undefined) return null
  return (core: Core) => {
    const value = core.cfg.get(group, name)
    return value === undefined ? null : String(value)
  }
}

/** `cfg_selected["group"]`: which instance of a group cfg_select() chose; empty for none. */
const cfgSelected: Root = (step, rest) => {
  const group = step.keys[0] ?? rest[0]?.name
  if (group === undefined) return null
  return core => String(core.cfg.selectedInstance(String(group)) ?? '')
}

const endpoint = (ip: (received: Received) => string, port: (received: Received) => number): Root =>
  branch(null, {
    ip: leaf((_core, msg) => ip(msg.received)),
    port: leaf((_core, msg) => String(port(msg.received))),
    ip_port: leaf((_core, { received }) => `${inBrackets(ip(received))}:${port(received)}`),
    proto: leaf((_core, msg) => protoName(msg.received.proto)),
    proto_ip_port: leaf(
      (_core, { received }) =>
        `${protoName(received.proto)}:${inBrackets(ip(received))}:${port(received)}`,
    ),
  })

const local = endpoint(
  received => received.dstIp,
  received => received.dstPort,
)

/** `now`, `now.local`, `now.gmt["%H:%M"]`. */
const dateText =
  (utc: boolean): Root =>
  (step, rest) => {
    const [format = '%a %b %e %H:%M:%S %Y'] = step.keys
    if (rest.length > 0) return null
    return core => strftime(String(format), fieldsOf(core.clock.now(), utc))
  }

const now = branch(core => String(Math.floor(core.clock.now() / 1000)), {
  local: dateText(false),
  gmt: dateText(true),
  utc: dateText(true),
})

const unique: Select = core => {
  const now = Math.floor(core.clock.now() / 1000).toString(16)
  return `${process.pid.toString(16)}-${now}-${core.random.hex(8)}`
}

/** `branch.uri[2]`: of the i-th further branch, counted from 0. */
const ofBranch =
  (get: (found: Branch) => string): Root =>
  (step: Step, rest) => {
    const [index = 0] = step.keys
    if (rest.length > 0 || typeof index !== 'number') return null
    return (_core, msg) => {
      const found = msg.branches?.at(index)
      return found === undefined ? null : orNull(get(found))
    }
  }

const q = (found: Branch): string => (found.q < 0 ? '' : String(found.q / 1000))

export const systemSelects: Record<string, Root> = {
  cfg_get: cfgGet,
  cfg_selected: cfgSelected,
  src: endpoint(
    received => received.srcIp,
    received => received.srcPort,
  ),
  dst: local,
  received: local,
  sys: branch(null, {
    pid: leaf(() => String(process.pid)),
    unique: leaf(unique),
    now,
    server_id: leaf(core => String(core.params.server_id)),
  }),
  branch: branch(null, {
    count: leaf((_core, msg) => String(msg.branches?.length ?? 0)),
    uri: ofBranch(found => found.uri),
    dst_uri: ofBranch(found => found.dstUri),
    uriq: ofBranch(found => `<${found.uri}>${q(found) === '' ? '' : `;q=${q(found)}`}`),
    q: ofBranch(q),
  }),
}
