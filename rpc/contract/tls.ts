import { int, list, methods, orNull, record, text } from '../schema.ts'

const connection = record({
  id: int(),
  timeout: int('seconds'),
  src_ip: text(),
  src_port: int(),
  dst_ip: text(),
  dst_port: int(),
  cipher: text(),
  ct_wq_size: int(),
  enc_rd_buf: int(),
  flags: int(),
  state: text(),
})

const options = record({
  force_run: int(),
  method: text(),
  verify_certificate: int(),
  verify_depth: int(),
  require_certificate: int(),
  verify_client: text(),
  private_key: text(),
  ca_list: orNull(text()),
  certificate: text(),
  cipher_list: orNull(text()),
  session_cache: int(),
  session_id: text(),
  config: orNull(text()),
  log: int(),
  debug: int(),
  connection_timeout: int(),
  disable_compression: int(),
  ssl_release_buffers: int(),
  ssl_freelist_max: int(),
  ssl_max_send_fragment: int(),
  ssl_read_ahead: int(),
  send_close_notify: int(),
  low_mem_threshold1: int(),
  low_mem_threshold2: int(),
  ct_wq_max: int(),
  con_ct_wq_max: int(),
  ct_wq_blk_size: int(),
})

/** `tls.*` - secure connections and their configuration. */
export const tls = methods({
  'tls.reload': {
    doc: 'Reload TLS configuration file',
    class: 'write',
    params: [],
    result: text(),
  },
  'tls.list': {
    doc: 'List currently open TLS connections',
    class: 'read',
    params: [],
    result: list(connection),
  },
  'tls.info': {
    doc: 'Returns internal tls related info.',
    class: 'read',
    params: [],
    result: record({
      max_connections: int(),
      opened_connections: int(),
      clear_text_write_queued_bytes: int(),
    }),
  },
  'tls.options': {
    doc: 'Dumps all the tls config options.',
    class: 'read',
    params: [],
    result: options,
  },
})
