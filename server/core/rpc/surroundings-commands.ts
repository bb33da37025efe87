/**
 * `core.*` about what the node listens on and loads, and the commands that repeat what they are
 * told.
 */
import type { surroundings } from '../../../rpc/contract/core.ts'
import { Fault } from '../../../rpc/faults.ts'
import type { Core } from '../core.ts'
import type { Handlers } from '../module/index.ts'
import { protoName } from '../../sip/transport.ts'
import type { CommandEnvironment } from './environment.ts'

const yesNo = (value: boolean): string => (value ? 'yes' : 'no')

function needTcp({ params }: Core): void {
  if (params.disable_tcp !== 0) throw new Fault(500, 'tcp support disabled')
}

export const surroundingsHandlers: Handlers<CommandEnvironment, typeof surroundings> = {
  'core.prints': (_, texts) => texts,
  'core.printi': (_, numbers) => numbers,
  'core.echo': (_, values) => values,
  'core.tcp_info': ({ core, facts }) => {
    needTcp(core)
    const open = facts.connections()
    const secure = open.filter(c => c.type === 'TLS' || c.type === 'WSS').length
    return {
      readers: 1,
      max_connections: core.params.tcp_max_connections,
      max_tls_connections: core.params.tls_max_connections,
      opened_connections: open.length,
      opened_tls_connections: secure,
      write_queued_bytes: facts.queuedBytes(),
    }
  },
  'core.tcp_options': ({ core }) => {
    needTcp(core)
    const { params } = core
    return {
      connect_timeout: params.tcp_connect_timeout,
      send_timeout: params.tcp_send_timeout,
      connection_lifetime: params.tcp_connection_lifetime,
      'max_connections(soft)': params.tcp_max_connections,
      'max_tls_connections(soft)': params.tls_max_connections,
      no_connect: params.tcp_no_connect,
      fd_cache: params.tcp_fd_cache,
      async: params.tcp_buf_write,
      connect_wait: params.tcp_buf_write,
      conn_wq_max: params.tcp_conn_wq_max,
      wq_max: params.tcp_wq_max,
      defer_accept: params.tcp_defer_accept,
      delayed_ack: params.tcp_delayed_ack,
      syncnt: params.tcp_syncnt,
      linger2: params.tcp_linger2,
      keepalive: params.tcp_keepalive,
      keepidle: params.tcp_keepidle,
      keepintvl: params.tcp_keepintvl,
      keepcnt: params.tcp_keepcnt,
      crlf_ping: params.tcp_crlf_ping,
      accept_aliases: params.tcp_accept_aliases,
      alias_flags: 1,
      new_conn_alias_flags: 2,
    }
  },
  'core.tcp_list': ({ core, facts }) => {
    needTcp(core)
    return facts.connections().map(c => ({
      id: c.id,
      type: c.type,
      state: c.state,
      timeout: c.timeout,
      lifetime: c.lifetime,
      ref_count: 1,
      src_ip: c.remoteIp,
      src_port: c.remotePort,
      dst_ip: c.localIp,
      dst_port: c.localPort,
    }))
  },
  'core.udp4_raw_info': ({ core: { params } }) => ({
    udp4_raw: params.udp4_raw,
    udp4_raw_mtu: params.udp4_raw_mtu,
    udp4_raw_ttl: params.udp4_raw_ttl,
  }),
  'core.aliases_list': ({ core }) => ({
    myself_callbacks: yesNo(core.hooks.isMyself !== null),
    aliases: core.sockets.aliases.map(alias => ({
      alias: {
        proto: alias.proto === 0 ? '*' : protoName(alias.proto),
        address: alias.host,
        port: alias.port === 0 ? '*' : alias.port,
      },
    })),
  }),
  'core.sockets_list': ({ core }) =>
    core.sockets.list.map(socket => ({
      socket: {
        proto: protoName(socket.proto),
        address: socket.givenHost,
        ...(socket.givenHost === socket.address ? {} : { ipaddress: socket.address }),
        port: String(socket.port),
        mcast: 'no',
        mhomed: 'no',
        virtual: yesNo(socket.virtual),
      },
    })),
  // The one that was loaded last comes first.
  'core.modules': ({ core }) =>
    core.registry
      .moduleNames()
      .filter(name => name !== 'core')
      .reverse(),
  'core.ppdefines': ({ facts }) => facts.defines().map(([name]) => name),
  'core.ppdefines_full': ({ facts }) =>
    facts
      .defines()
      .map(([name, value]) => ({ name, type: value === null ? 0 : 1, value: value ?? 'none' })),
}
