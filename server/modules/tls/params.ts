/** The parameters of tls; those of the cfg framework say so with their name there. */
import { BadValue, eachParam, intParam, strParam } from '../../core/module/index.ts'

const NONE = 'Accepted: it tunes the memory of a library that is not used here.'
const QUEUES = 'Accepted: all queues together are bounded by tcp_wq_max.'

export const params = {
  config: strParam({
    default: '',
    live: true,
    doc: 'File with the profiles of servers and clients.',
  }),
  tls_method: strParam({
    default: 'TLSv1.2+',
    live: 'method',
    doc: 'Version of the protocol: TLSv1.2 alone, TLSv1.2+ and later ones, any.',
  }),
  server_name: strParam({ default: '', live: true, doc: 'Name for which this profile is.' }),
  certificate: strParam({
    default: 'cert.pem',
    live: true,
    doc: 'File with the certificate; relative to the config file.',
  }),
  private_key: strParam({ default: 'cert.pem', live: true, doc: 'File with its private key.' }),
  ca_list: strParam({ default: '', live: true, doc: 'File with the authorities to trust.' }),
  ca_path: strParam({ default: '', live: true, doc: 'Folder with the authorities to trust.' }),
  crl: strParam({ default: '', live: true, doc: 'File with the revoked certificates.' }),
  cipher_list: strParam({ default: '', live: true, doc: 'Cipher suites, as OpenSSL writes them.' }),
  verify_certificate: intParam({
    default: 0,
    live: true,
    doc: "Refuse a peer whose certificate is not an authority's.",
  }),
  verify_depth: intParam({
    default: 9,
    live: true,
    doc: 'Most certificates between that of a peer and its authority.',
  }),
  require_certificate: intParam({
    default: 0,
    live: true,
    doc: 'Refuse a client that shows no certificate.',
  }),
  verify_client: strParam({
    default: 'off',
    live: true,
    doc: 'off, on (must show a good one), optional (good if shown), optional_no_ca (any).',
  }),
  connection_timeout: intParam({
    default: 600,
    live: true,
    doc: 'Seconds until a TLS connection that nobody uses is closed.',
  }),
  session_cache: intParam({ default: 0, live: true, doc: 'Accepted: sessions go in tickets.' }),
  session_id: strParam({ default: 'kamailio-tls-5.x.y', live: true, doc: 'Accepted, see above.' }),
  tls_log: intParam({ default: 3, live: 'log', doc: 'Accepted: refusals are logged as errors.' }),
  tls_debug: intParam({
    default: 3,
    live: 'debug',
    doc: 'Accepted: errors of peers are debug lines.',
  }),
  tls_disable_compression: intParam({
    default: 1,
    live: 'disable_compression',
    doc: 'Accepted: there is no compression.',
  }),
  ssl_release_buffers: intParam({ default: -1, live: true, doc: NONE }),
  ssl_freelist_max_len: intParam({ default: -1, live: 'ssl_free_list_max', doc: NONE }),
  ssl_max_send_fragment: intParam({ default: -1, live: true, doc: NONE }),
  ssl_read_ahead: intParam({ default: 0, live: true, doc: NONE }),
  send_close_notify: intParam({
    default: 0,
    live: true,
    doc: 'Accepted: a close is always announced.',
  }),
  con_ct_wq_max: intParam({
    default: 65536,
    live: true,
    doc: 'Bytes that may wait for a handshake beside tcp_conn_wq_max; a mebibyte always may.',
  }),
  ct_wq_max: intParam({ default: 10485760, live: true, doc: QUEUES }),
  ct_wq_blk_size: intParam({ default: 4096, live: true, doc: QUEUES }),
  tls_force_run: intParam({
    default: 0,
    live: 'force_run',
    doc: 'Accepted: there is no other version of the library to run with.',
  }),
  low_mem_threshold1: intParam({ default: -1, live: true, doc: NONE }),
  low_mem_threshold2: intParam({ default: -1, live: true, doc: NONE }),
  renegotiation: intParam({ default: 0, doc: 'Accepted: peers may not renegotiate.' }),
  xavp_cfg: strParam({
    default: '',
    doc: 'Name of the xavp whose server_name and server_id choose the profile to connect with.',
  }),
  event_callback: strParam({
    default: '',
    doc: 'KEMI function to run instead of event_route[tls:connection-out].',
  }),
  rand_engine: strParam({ default: '', doc: "Accepted: the library's own generator is used." }),
  engine: eachParam({ doc: 'NONE; hardware engines cannot be used.', parse: onlyNone }),
  engine_config: eachParam({ doc: 'Refused, see `engine`.', parse: noEngine }),
  engine_algorithms: eachParam({ doc: 'Refused, see `engine`.', parse: noEngine }),
}

/** Kamailio's default says that there is none. */
function onlyNone(given: string | number): string {
  return given === 'NONE' || given === '' ? String(given) : noEngine()
}

function noEngine(): never {
  throw new BadValue('hardware engines cannot be used', 'give the key as a file: private_key')
}
