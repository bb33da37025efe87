/** Core parameters: addresses and datagrams. */
import { SCTP, TCP, TLS, UDP } from '../../sip/transport.ts'
import { idleInt, int, lackingInt, lackingString, string } from './row.ts'

const NO_RAW = 'datagrams leave through the sockets that are listened on.'
const NO_MULTICAST = 'there are no multicast sockets.'
const PROXY = 'datagrams are routed by their own addresses.'

/** Names of transports in the config. */
const PROTOS = { UDP, udp: UDP, TCP, tcp: TCP, TLS, tls: TLS, SCTP, sctp: SCTP }

/** Values of the TOS byte (RFC 1349) under their names in the C library. */
const SERVICES = {
  IPTOS_LOWDELAY: 0x10,
  IPTOS_THROUGHPUT: 0x08,
  IPTOS_RELIABILITY: 0x04,
  IPTOS_MINCOST: 0x02,
  IPTOS_LOWCOST: 0x02,
}

export const sockets = {
  port: int(5060, 'The port of listen lines that have none.'),
  mhomed: int(
    0,
    'Not 0: datagrams leave by the socket from whose address the kernel would send; 0: by the ' +
      'one that the message came in by.',
  ),
  auto_aliases: int(1, 'Not 0: the names to which our addresses resolve mean us, too.'),
  auto_domains: idleInt(1, 'only the addresses and aliases of the config mean us.', {
    since6: true,
  }),
  auto_bind_ipv6: int(0, 'Not 0: without listen lines IPv6 addresses are listened on, too.'),
  bind_ipv6_link_local: lackingInt(0, 'a link-local address cannot be listened on.'),
  advertised_address: string('', 'The address that our Via names instead of the socket.'),
  advertised_port: int(0, 'The port that our Via names instead of the one of the socket.'),
  ip_free_bind: lackingInt(0, 'set net.ipv4.ip_nonlocal_bind to listen on addresses to come.', {
    aliases: ['ipfreebind', 'ip_nonlocal_bind'],
  }),
  tos: int(
    SERVICES.IPTOS_LOWDELAY,
    'The TOS byte of all packets, a number or IPTOS_LOWDELAY, ...',
    {
      words: SERVICES,
    },
  ),
  pmtu_discovery: int(
    0,
    'UDP: 0 lets packets be cut up on their way, 1 sets the bit that forbids it.',
  ),
  maxbuffer: idleInt(262144, 'UDP sockets ask for a buffer of 4 MiB and take what they get.'),
  maxsndbuffer: idleInt(262144, 'UDP sockets ask for a buffer of 4 MiB and take what they get.', {
    since6: true,
  }),
  udp_mtu: int(
    0,
    'Bytes above which a request is not sent over UDP but as udp_mtu_try_proto says; 0: no limit.',
    { live: 'core.udp_mtu', min: 0, max: 65535 },
  ),
  udp_mtu_try_proto: int(0, 'What carries requests larger than udp_mtu: TCP, TLS, SCTP or UDP.', {
    live: 'core.udp_mtu_try_proto',
    words: PROTOS,
    min: UDP,
    max: SCTP,
  }),
  udp_receiver_mode: idleInt(0, 'one event loop serves all sockets.', { since6: true }),
  udp_accept_proxy: lackingInt(0, PROXY, { since6: true }),
  udp4_raw: idleInt(0, NO_RAW, { live: 'core.udp4_raw', min: -1, max: 1 }),
  udp4_raw_mtu: idleInt(1500, NO_RAW, { live: 'core.udp4_raw_mtu', min: 28, max: 65535 }),
  udp4_raw_ttl: idleInt(-1, NO_RAW, { live: 'core.udp4_raw_ttl', min: -1, max: 255 }),
  mcast: lackingString('', NO_MULTICAST),
  mcast_loopback: idleInt(0, NO_MULTICAST),
  mcast_ttl: idleInt(-1, NO_MULTICAST),
  socket_workers: idleInt(0, 'one event loop serves all sockets.'),
  disable_sctp: idleInt(2, 'there is no SCTP here.'),
  enable_sctp: lackingInt(2, 'there is no SCTP here; 0 and 2 (as available) are as good.'),
  sctp_children: idleInt(0, 'there is no SCTP here.'),
}
