/** tls.reload, tls.list, tls.info, tls.options. */
import type { TLSSocket } from 'node:tls'
import { Fault } from '../../../rpc/faults.ts'
import type { tls } from '../../../rpc/contract/tls.ts'
import { BadValue, type Handlers } from '../../core/module/index.ts'
import type { Connection } from '../../core/network.ts'
import { TLS, WSS } from '../../sip/transport.ts'
import { cipherDescription } from './cipher-text.ts'
import type { Tls } from './tls.ts'

const isSecure = ({ info }: Connection): boolean => info.proto === TLS || info.proto === WSS

const open = (self: Tls): Connection[] =>
  (self.core.network.streams?.connections() ?? []).filter(isSecure)

/** F_TLS_CON_HANDSHAKED of Kamailio. */
const ESTABLISHED = 2

function row(self: Tls, connection: Connection) {
  const { info, remoteIp, remotePort, passive, state } = connection
  const socket = connection.socket as TLSSocket
  const { core } = self
  const idle = (core.clock.now() - connection.lastUsed) / 1000
  const lifetime =
    connection.lifetime < 0 ? core.params.tcp_connection_lifetime : connection.lifetime
  const established = state === 'established'
  const suite = socket.getCipher()
  return {
    id: connection.id,
    timeout: Math.max(0, Math.round(lifetime - idle)),
    src_ip: remoteIp,
    src_port: remotePort,
    dst_ip: info.address,
    dst_port: connection.localPort,
    cipher: established ? cipherDescription(suite.name, suite.version).trimEnd() : 'unknown',
    ct_wq_size: socket.writableLength,
    enc_rd_buf: 0,
    flags: established ? ESTABLISHED : 0,
    state: established ? 'established' : passive ? 'tls_accept' : 'tls_connect',
  }
}

export const handlers: Handlers<Tls, typeof tls> = {
  'tls.reload': self => {
    if (self.config.config === '') throw new Fault(500, 'No TLS configuration file configured')
    try {
      self.reload()
    } catch (error) {
      if (!(error instanceof BadValue)) throw error
      throw new Fault(500, `Error while fixing TLS configuration: ${error.message}`)
    }
    return 'Ok. TLS configuration reloaded.'
  },
  'tls.list': self => open(self).map(connection => row(self, connection)),
  'tls.info': self => ({
    max_connections: self.core.params.tls_max_connections,
    opened_connections: open(self).length,
    clear_text_write_queued_bytes: open(self).reduce(
      (sum, { socket }) => sum + socket.writableLength,
      0,
    ),
  }),
  'tls.options': ({ config, absolute }) => ({
    force_run: config.tls_force_run,
    method: config.tls_method,
    verify_certificate: config.verify_certificate,
    verify_depth: config.verify_depth,
    require_certificate: config.require_certificate,
    verify_client: config.verify_client,
    private_key: absolute(config.private_key),
    ca_list: absolute(config.ca_list) || null,
    certificate: absolute(config.certificate),
    cipher_list: config.cipher_list || null,
    session_cache: config.session_cache,
    session_id: config.session_id,
    config: absolute(config.config) || null,
    log: config.tls_log,
    debug: config.tls_debug,
    connection_timeout: config.connection_timeout,
    disable_compression: config.tls_disable_compression,
    ssl_release_buffers: config.ssl_release_buffers,
    ssl_freelist_max: config.ssl_freelist_max_len,
    ssl_max_send_fragment: config.ssl_max_send_fragment,
    ssl_read_ahead: config.ssl_read_ahead,
    send_close_notify: config.send_close_notify,
    low_mem_threshold1: config.low_mem_threshold1,
    low_mem_threshold2: config.low_mem_threshold2,
    ct_wq_max: config.ct_wq_max,
    con_ct_wq_max: config.con_ct_wq_max,
    ct_wq_blk_size: config.ct_wq_blk_size,
  }),
}
