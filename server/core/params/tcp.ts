/** Core parameters: connections. */
import { idleInt, idleString, int, lackingInt, lackingString, string, SWITCH } from './row.ts'

const DAY = 86_400
const ALWAYS_ASYNC = 'what cannot be written at once always waits in a queue.'
const ONE_LOOP = 'one event loop serves all connections.'

const limits = {
  disable_tcp: int(0, 'Not 0: no TCP, whatever the listen lines say.'),
  tcp_max_connections: int(2048, 'Connections at once; more are refused.', {
    live: 'tcp.max_connections',
    min: 0,
  }),
  tls_max_connections: int(2048, 'TLS connections at once; more are refused.', {
    live: 'tcp.max_tls_connections',
    min: 0,
  }),
  tcp_connect_timeout: int(10, 'Seconds until a connection that does not open has failed.', {
    live: 'tcp.connect_timeout',
    min: -1,
    max: 134_217_727,
  }),
  tcp_send_timeout: int(10, 'Seconds until a connection whose peer takes nothing is closed.', {
    live: 'tcp.send_timeout',
    min: -1,
  }),
  tcp_connection_lifetime: int(120, 'Seconds until a connection that nobody uses is closed.', {
    live: 'tcp.connection_lifetime',
    min: -1,
  }),
  tcp_conn_wq_max: int(32_768, 'Bytes that may wait to be sent over one connection.', {
    live: 'tcp.conn_wq_max',
    min: 0,
    max: 1 << 20,
  }),
  tcp_wq_max: int(10_485_760, 'Bytes that may wait to be sent over all connections together.', {
    live: 'tcp.wq_max',
    min: 0,
    max: 1 << 30,
  }),
  tcp_rd_buf_size: int(16_384, 'Bytes that the headers of a message on a connection may have.', {
    live: 'tcp.rd_buf_size',
    min: 512,
    max: 1 << 24,
  }),
  tcp_wq_blk_size: idleInt(2100, 'queues have no blocks.', {
    live: 'tcp.wq_blk_size',
    min: 1,
    max: 65_535,
  }),
  tcp_msg_read_timeout: int(20, 'Seconds in which a message must end that has begun; 0: any.', {
    since6: true,
  }),
  tcp_msg_data_timeout: lackingInt(20, 'see tcp_connection_lifetime.', { since6: true }),
  tcp_accept_iplimit: int(
    0,
    'Connections that one address may open; 0: as many as it wants. In Kamailio 6 it is 1024.',
    { since6: true },
  ),
  tcp_check_timer: idleInt(-1, 'idle connections are looked for every second.', { since6: true }),
  tcp_wait_data: int(
    5000,
    'Milliseconds in which a load balancer must say where a connection comes from.',
    { live: 'tcp.wait_data_ms', min: 0, max: 7_200_000 },
  ),
  tcp_listen_backlog: int(1024, 'Connections that may wait to be accepted.', { since6: true }),
}

const use = {
  tcp_no_connect: int(0, 'Not 0: no connection is opened; those of the peers are used.', {
    live: 'tcp.no_connect',
    ...SWITCH,
  }),
  tcp_accept_aliases: int(
    0,
    'Not 0: a Via with alias makes its port a name of the connection (RFC 5923).',
    { live: 'tcp.accept_aliases', ...SWITCH },
  ),
  tcp_accept_unique: int(0, 'Not 0: a second connection from one port of a peer is refused.'),
  tcp_connection_match: int(
    0,
    'Not 0: a connection is used again only from the port of ours that it belongs to.',
  ),
  tcp_accept_no_cl: int(0, 'Not 0: a message without Content-Length has no body.', {
    live: 'tcp.accept_no_cl',
    ...SWITCH,
  }),
  tcp_crlf_ping: int(1, 'Not 0: a double line end is answered (RFC 5626 section 4.4.1).', {
    live: 'tcp.crlf_ping',
    ...SWITCH,
  }),
  tcp_accept_hep3: lackingInt(0, 'HEP comes by datagram.'),
  tcp_accept_haproxy: int(
    0,
    'Not 0: a load balancer may say with the PROXY protocol where a connection comes from.',
  ),
  tcp_accept_protocols: lackingString('all', 'SIP, HTTP and WebSocket are recognised.', {
    aliases: ['tcp_accept_protos'],
    since6: true,
  }),
  tcp_close_rst: lackingInt(0, 'connections are closed in the usual way.', { since6: true }),
  tcp_script_mode: idleInt(0, 'a connection stays open whatever the script does.'),
  tcp_source_ipv4: string('', 'The IPv4 address from which connections are opened.'),
  tcp_source_ipv6: string('', 'The IPv6 address from which connections are opened.'),
}

const sockets = {
  tcp_keepalive: int(1, 'Not 0: the kernel sees after peers that are gone.', {
    live: 'tcp.keepalive',
    ...SWITCH,
  }),
  tcp_keepidle: int(0, 'Seconds of silence before the kernel asks the peer; 0: its default.', {
    live: 'tcp.keepidle',
    min: 0,
    max: DAY,
  }),
  tcp_keepintvl: int(0, 'Seconds between two such questions; 0: the default of the kernel.', {
    live: 'tcp.keepintvl',
    min: 0,
    max: DAY,
  }),
  tcp_keepcnt: int(0, 'Questions until the peer is gone; 0: the default of the kernel.', {
    live: 'tcp.keepcnt',
    min: 0,
    max: 1024,
  }),
  tcp_syncnt: int(0, 'How often the kernel tries to connect; 0: its default.', {
    live: 'tcp.syncnt',
    min: 0,
    max: 1024,
  }),
  tcp_linger2: int(0, 'Seconds in FIN_WAIT2; 0: the default of the kernel.', {
    live: 'tcp.linger2',
    min: 0,
    max: 3600,
  }),
  tcp_delayed_ack: int(1, '0: the first data of a peer are acknowledged at once.', {
    live: 'tcp.delayed_ack',
    ...SWITCH,
  }),
  tcp_defer_accept: int(
    0,
    'Seconds that the kernel holds a connection back until its first data; 0: none.',
    {
      live: 'tcp.defer_accept',
      fixed: true,
    },
  ),
  tcp_reuse_port: int(0, 'Not 0: connections are opened from the port that is listened on.', {
    live: 'tcp.reuse_port',
    ...SWITCH,
  }),
}

const processes = {
  tcp_children: idleInt(0, ONE_LOOP),
  tcp_main_threads: idleInt(0, ONE_LOOP, { since6: true }),
  tcp_poll_method: idleString('', 'the runtime chooses how it waits.'),
  tcp_fd_cache: idleInt(1, ONE_LOOP, { live: 'tcp.fd_cache', fixed: true }),
  tcp_buf_write: idleInt(1, ALWAYS_ASYNC, {
    live: 'tcp.async',
    fixed: true,
    aliases: ['tcp_async'],
  }),
  tcp_clone_rcvbuf: idleInt(0, 'texts are never changed in place.'),
}

export const tcp = { ...limits, ...use, ...sockets, ...processes }
