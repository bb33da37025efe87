import {
  double,
  either,
  int,
  list,
  long,
  maybe,
  methods,
  nothing,
  record,
  several,
  text,
} from '../schema.ts'

const statistics = record({
  current: int('transactions now'),
  waiting: int('in wait state'),
  total: int(),
  total_local: int(),
  rpl_received: int(),
  rpl_generated: int(),
  rpl_sent: int(),
  '6xx': int(),
  '5xx': int(),
  '4xx': int(),
  '3xx': int(),
  '2xx': int(),
  created: int(),
  freed: int(),
  delayed_free: int(),
})

const hashStatistics = record({
  hash_size: int(),
  crt_transactions: int(),
  crt_target_per_cell: double(),
  crt_min: int(),
  crt_max: int(),
  crt_worst_case_extra_cells: int(),
  crt_no_zero_cells: int(),
  crt_no_deviating_cells: int(),
  crt_deviation_sq_sum: double(),
  acc_transactions: int(),
  acc_target_per_cell: double(),
  acc_min: int(),
  acc_max: int(),
  acc_worst_case_extra_cells: int(),
  acc_no_zero_cells: int(),
  acc_no_deviating_cells: int(),
  acc_deviation_sq_sum: double(),
})

const transaction = record({
  cell: text('address'),
  tindex: int(),
  tlabel: int(),
  method: text(),
  from: text('header with line end'),
  to: text('header with line end'),
  callid: text('header with line end'),
  cseq: text('header without method'),
  uas_request: text('yes or no'),
  tflags: int(),
  outgoings: int(),
  ref_count: int(),
  lifetime: long(),
})

/** A request that this node sends as a user agent client; `.` leaves next hop or socket to it. */
const uac = [
  text('method'),
  text('ruri'),
  text('next hop'),
  text('socket'),
  text('headers'),
  maybe(text('body')),
] as const
/** Kamailio counts those that it has read below zero. */
const tooFew = [0, -1, -2, -3, -4].map(read => [400, `too few parameters (${read}/5)`] as const)
const uacDoc =
  'using a list of string parameters: method, ruri, dst_uri send_sock, headers (CRLF separated) ' +
  'and body (optional)'

/** `tm.*` - transactions. */
export const tm = methods({
  'tm.stats': {
    doc: 'Print transaction statistics.',
    class: 'read',
    params: [],
    result: statistics,
  },
  'tm.hash_stats': {
    doc: 'Prints hash table statistics (can be used only if tm is compiled with -DTM_HASH_STATS).',
    class: 'read',
    params: [],
    result: hashStatistics,
  },
  'tm.list': { doc: 'List transactions.', class: 'read', params: [], result: list(transaction) },
  'tm.clean': {
    doc: 'Clean expired (lifetime exceeded) transactions.',
    class: 'write',
    params: [],
    result: nothing,
  },
  'tm.cancel': {
    doc: 'Cancel a pending transaction',
    class: 'danger',
    params: [text('callid'), text('cseq')],
    result: several(either(int('branches cancelled'), text())),
    badParams: [[400, 'Callid and CSeq expected as parameters']],
  },
  'tm.reply': {
    doc: 'Reply transaction',
    class: 'danger',
    params: [
      int('code'),
      text('reason'),
      text('index:label'),
      text('to tag'),
      maybe(text('headers')),
      maybe(text('body')),
    ],
    result: nothing,
    badParams: [
      [400, 'Reply code expected'],
      [400, 'Reason phrase expected'],
      [400, 'Transaction ID expected'],
      [400, 'To tag expected'],
    ],
  },
  'tm.reply_callid': {
    doc: 'Reply transaction by call-id',
    class: 'danger',
    params: [
      int('code'),
      text('reason'),
      text('callid'),
      text('cseq'),
      text('to tag'),
      maybe(text('headers')),
      maybe(text('body')),
    ],
    result: nothing,
    badParams: [
      [400, 'Reply code expected'],
      [400, 'Reason phrase expected'],
      [400, 'Call-ID expected'],
      [400, 'CSeq expected'],
      [400, 'To tag expected'],
    ],
  },
  'tm.t_uac_start': {
    doc:
      'starts a tm uac using  a list of string parameters: method, ruri, dst_uri, send_sock, ' +
      'headers (CRLF separated) and body (optional)',
    class: 'write',
    params: uac,
    result: nothing,
    badParams: tooFew,
  },
  'tm.t_uac_wait': {
    doc: `starts a tm uac and waits for the final reply, ${uacDoc}`,
    class: 'write',
    params: uac,
    result: list(either(int(), text()), 'code, reason, request URI, next hop, routes, rest'),
    badParams: tooFew,
  },
  'tm.t_uac_wait_block': {
    doc: `starts a tm uac and waits for the final reply in blocking mode, ${uacDoc}`,
    class: 'write',
    params: uac,
    result: record({ code: int(), text: text() }),
    badParams: tooFew,
  },
})
