/** Core parameters: TLS. Most of it belongs to the module tls. */
import { idleInt, idleString, int } from './row.ts'

const MODULE = 'the module tls has a parameter for it.'

export const tls = {
  enable_tls: int(0, 'Not 0: listen lines for TLS count. The module tls brings the certificates.', {
    aliases: ['tls_enable'],
  }),
  disable_tls: int(1, '0 is as enable_tls=1.', { aliases: ['tls_disable'] }),
  tls_port_no: int(5061, 'The port of listen lines for TLS that have none.'),
  tls_threads_mode: idleInt(2, 'the runtime keeps its TLS library to itself.', { since6: true }),
  tls_connection_match_domain: idleInt(0, 'connections are found by their address.', {
    since6: true,
  }),
  tlslog: idleInt(0, MODULE, { aliases: ['tls_log'] }),
  tls_method: idleString('', MODULE),
  tls_verify: idleInt(0, MODULE),
  tls_require_certificate: idleInt(0, MODULE),
  tls_certificate: idleString('', MODULE),
  tls_private_key: idleString('', MODULE),
  tls_ca_list: idleString('', MODULE),
  tls_handshake_timeout: idleInt(0, MODULE),
  tls_send_timeout: idleInt(0, MODULE),
}
