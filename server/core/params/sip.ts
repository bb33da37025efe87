/** Core parameters: messages, their headers and URIs. */
import { idleInt, idleString, int, lackingInt, string, SWITCH } from './row.ts'

const GROWS = 'texts grow as needed.'

export const sip = {
  server_signature: int(
    1,
    'Not 0: replies that are made here carry server_header, requests user_agent_header.',
  ),
  server_header: string('', 'The header line that names this server in replies, `Server: name`.'),
  user_agent_header: string(
    '',
    'The header line that names this server in requests of its own, `User-Agent: name`.',
  ),
  sip_warning: int(0, 'Not 0: replies that are made here carry a Warning header for debugging.'),
  reply_to_via: int(
    0,
    'Not 0: replies go to the address of the topmost Via, not to where the request came from.',
  ),
  check_via: int(0, 'Not 0: replies whose topmost Via does not name us are not forwarded.'),
  force_rport: int(0, 'Not 0: as if the script called force_rport() for each request.', {
    live: 'core.force_rport',
    aliases: ['add_rport'],
    ...SWITCH,
  }),
  local_rport: int(0, 'Not 0: our Via asks for rport, as with add_local_rport().'),
  phone2tel: int(
    1,
    'Not 0: the user of a sip URI with user=phone is a telephone number, up to its semicolon.',
  ),
  xavp_via_params: string('', 'The XAVP whose fields via_add_xavp_params() puts into our Via.'),
  xavp_via_fields: string(
    '',
    'The XAVP with the address and port that via_use_xavp_fields() puts into our Via.',
  ),
  uri_host_extra_chars: string(
    '',
    'Further characters that the host of a URI may have beside letters, digits, dot, dash and _.',
  ),
  hdr_name_extra_chars: idleString('', 'names of headers may have any character.'),
  http_reply_hack: int(0, 'Not 0: replies of HTTP are routed as replies of SIP.', {
    aliases: ['http_reply_parse'],
  }),
  sip_parser_mode: idleInt(0, 'what RFC 3261 does not allow is refused where it matters.'),
  ipv6_hex_style: string(
    'c',
    'How IPv6 addresses are written: c short (RFC 5952), a with all groups, A so in capitals.',
    { accepts: text => ['a', 'A', 'c'].includes(text) },
  ),
  msg_time: idleInt(1, 'time variables take the time when they are first read.'),
  msg_clone_extra_size: idleInt(0, GROWS, { since6: true }),
  msg_apply_changes_mode: idleInt(0, 'msg_apply_changes() reads the message again.', {
    since6: true,
  }),
  msg_recv_max_size: int(
    262144,
    'Bytes that a message may have; a larger one is dropped. In Kamailio 6 the default is 32767.',
    { since6: true },
  ),
  pv_buffer_size: idleInt(32768, GROWS),
  pv_buffer_slots: idleInt(40, GROWS),
  pv_cache_limit: idleInt(2048, 'variables are compiled; those of texts at run time are kept.', {
    live: 'core.pv_cache_limit',
  }),
  pv_cache_action: idleInt(0, 'see pv_cache_limit.', { live: 'core.pv_cache_action' }),
  sql_buffer_size: idleInt(65535, GROWS),
  version_table: string('version', 'The table in which databases say how their tables look.'),
  stats_name_separator: string('_', 'Stands between the parts of the names of statistics.'),
  server_id: int(0, 'The number of this node, $sid, and what via_add_srvid() shows.'),
  rpc_exec_delta: lackingInt(0, 'commands may be called as often as wanted.', { since6: true }),
  rpc_exec_locks: idleInt(0, 'commands run one after the other.', { since6: true }),
  rpc_exec_locks_mode: idleInt(0, 'commands run one after the other.', { since6: true }),
}
