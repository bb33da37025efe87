/** `dst_blocklist.*`: destinations to which nothing is sent for a while. */
import { dstBlocklist as contract } from '../../../rpc/contract/dst_blocklist.ts'
import { Fault } from '../../../rpc/faults.ts'
import { AF_INET6, canonical, familyOf } from '../../lib/ip.ts'
import { ALL_ERRORS, type Blocked, type Blocklist, IS_IPV6 } from '../../net/blocklist.ts'
import { protoName, SCTP, UDP } from '../../sip/transport.ts'
import type { Handlers } from '../module/index.ts'
import type { CommandEnvironment } from './environment.ts'

function listOf({ core }: CommandEnvironment): Blocklist {
  if (!core.blocklist.enabled) throw new Fault(500, 'dst blocklist support disabled')
  return core.blocklist
}

/** Transport, address, port, seconds left, flags. */
function row(
  { core }: CommandEnvironment,
  entry: Blocked,
): [string, string, number, number, number] {
  const left = Math.max(0, Math.round((entry.expires - core.clock.monotonic()) / 1000))
  return [protoName(entry.proto), entry.ip, entry.port, left, entry.flags]
}

export const blocklistHandlers: Handlers<CommandEnvironment, typeof contract> = {
  'dst_blocklist.mem_info': environment => {
    const list = listOf(environment)
    return [list.used, list.settings.dst_blocklist_mem]
  },
  'dst_blocklist.debug': environment =>
    listOf(environment)
      .all()
      .flatMap(entry => row(environment, entry)),
  'dst_blocklist.view': environment =>
    listOf(environment)
      .all()
      .flatMap(entry => {
        const [proto, ip, port, left, flags] = row(environment, entry)
        return [
          `{\n    protocol: ${proto}`,
          `    ip: ${ip}`,
          `    port: ${port}`,
          `    expires in (s): ${left}`,
          `    flags: ${flags}\n}`,
        ]
      }),
  'dst_blocklist.delete_all': environment => listOf(environment).clear(),
  'dst_blocklist.add': (environment, ip, port, proto, flags) => {
    const list = listOf(environment)
    if (proto < 0 || proto > SCTP) throw new Fault(400, 'Unknown protocol')
    const family = familyOf(ip)
    // The flag for IPv6 must not stand beside an IPv4 address.
    if (family === 0 || ((flags & IS_IPV6) !== 0 && family !== AF_INET6))
      throw new Fault(400, 'Malformed ip address')
    const seconds = list.settings.dst_blocklist_expire
    list.add(flags & ALL_ERRORS, proto || UDP, canonical(ip), port & 0xffff, seconds)
  },
}
