/** The functions of tm that only KEMI scripts have. */
import { format, int, type KemiFunction, kemiFn } from '../../core/module/index.ts'
import { protoNumber } from '../../sip/transport.ts'
import * as to from './relay-to.ts'
import type { Tm } from './tm.ts'

const flags = int('flags')

export const kemi: Record<string, KemiFunction<Tm>> = {
  t_relay_to_flags: kemiFn({
    doc: 'Relay; flags 1 no 100, 2 no reply on error, 4 no DNS failover.',
    args: [flags],
    returns: 'int',
    run: (tm: Tm, msg, bits) => to.tRelayTo(tm, msg, { flags: bits, hop: null }),
  }),
  t_relay_to_proxy: kemiFn({
    doc: 'Relay to proto:host:port.',
    args: [format('proxy')],
    returns: 'int',
    run: to.relayToProxy,
  }),
  t_relay_to_proxy_flags: kemiFn({
    doc: 'Relay to proto:host:port with the flags of t_relay_to_flags.',
    args: [format('proxy'), flags],
    returns: 'int',
    run: to.relayToProxy,
  }),
  t_relay_to_proto: kemiFn({
    doc: 'Relay by a transport: udp, tcp, tls, sctp.',
    args: [format('proto')],
    returns: 'int',
    run: to.relayByProto,
  }),
  t_relay_to_proto_addr: kemiFn({
    doc: 'Relay by a transport to a host and port.',
    args: [format('proto'), format('host'), int('port')],
    returns: 'int',
    run: (tm: Tm, msg, proto, host, port) => to.relayBy(protoNumber(proto))(tm, msg, host, port),
  }),
  t_get_branch_index: kemiFn({
    doc: 'The number of the branch that the running route is about.',
    args: [],
    returns: 'int',
    run: (_tm: Tm, msg) => Math.max(0, msg.branchIndex),
  }),
}
