import {
  double,
  flag,
  int,
  list,
  long,
  map,
  maybe,
  methods,
  nothing,
  orNull,
  record,
  text,
} from '../schema.ts'

const listener = record({
  proto: text('udp, tcp ...'),
  address: text(),
  port: int(),
  advertised: maybe(text('host:port that peers are told')),
  name: maybe(text()),
})

export const node = record({
  name: text('as the fleet calls it'),
  version: text('of Ohana'),
  compat: text('the Kamailio whose behaviour it has'),
  pid: int(),
  state: text('starting, running or stopping'),
  started_at: long('milliseconds since 1970'),
  now: long('milliseconds since 1970'),
  uptime: int('seconds'),
  config: text('the config file'),
  run_dir: text(),
  listeners: list(listener),
})

const memory = record({
  rss: long('bytes'),
  heap_used: long(),
  heap_total: long(),
  external: long(),
})

/** What consoles draw: totals since the start, and what is there now. */
export const snapshot = record({
  now: long('milliseconds since 1970'),
  uptime: int('seconds'),
  requests: record({
    received: int(),
    invite: int(),
    register: int(),
    bye: int(),
    options: int(),
    forwarded: int(),
    dropped: int(),
    errors: int(),
  }),
  replies: record({
    received: int(),
    forwarded: int(),
    dropped: int(),
    '1xx': int(),
    '2xx': int(),
    '3xx': int(),
    '4xx': int(),
    '5xx': int(),
    '6xx': int(),
  }),
  sent: record(
    {
      '1xx': int(),
      '2xx': int(),
      '3xx': int(),
      '4xx': int(),
      '5xx': int(),
      '6xx': int(),
    },
    'stateless replies, and the final replies of transactions, by class',
  ),
  calls: record(
    { attempted: int(), answered: int(), failed: int() },
    'INVITE requests received; their 2xx and 3xx-6xx replies received, challenges too',
  ),
  transactions: record({ active: int(), total: int(), '2xx': int(), failed: int() }),
  registrations: record({
    users: int(),
    contacts: int(),
    accepted: int(),
    rejected: int(),
    expired: int(),
  }),
  connections: int('TCP connections open'),
  memory,
  cpu: record({ user_us: long('microseconds'), system_us: long('microseconds') }),
  loop: record({
    lag_ms: double('how late the last timer tick was'),
    p99_ms: double('99th percentile of the delay of the event loop since the last snapshot'),
  }),
})

export const logLine = record({
  seq: int('grows by one per line of this node'),
  time: long('milliseconds since 1970'),
  level: int('-5 (alert) to 3 (debug)'),
  name: text('ERROR, WARNING ...'),
  source: text('module, <core> or <script>'),
  prefix: text('log_prefix'),
  text: text(),
})

export const tracedMessage = record({
  seq: int('grows by one per message of this node'),
  time_us: long('microseconds since 1970'),
  direction: text('in or out'),
  proto: text('udp, tcp ...'),
  src: text('address:port'),
  dst: text('address:port'),
  encoding: maybe(text('latin1 when the bytes are not UTF-8: one character is one byte')),
  text: text('the message as it was on the wire'),
})

export const traceStatus = record({
  enabled: flag(),
  oldest: int('sequence number of the oldest message kept'),
  newest: int(),
  oldest_us: orNull(long('its time, microseconds since 1970; null when nothing is kept')),
  wrapped: flag('messages have been overwritten'),
})

const traceFilter = record(
  {
    callid: maybe(text('a Call-ID, exactly')),
    user: maybe(text('user part of the request URI, From, To or a Contact')),
    since_us: maybe(long('nothing older')),
    after: maybe(int('only messages with a greater sequence number')),
    limit: maybe(int('at most so many messages, the newest; 1000 when not given')),
  },
  'filter',
)

const subscription = record({ subscription: int('its number, for ohana.unsubscribe') })

/** What `ohana.subscribe` may ask for beside the topic. */
export const subscribeOptions = record(
  {
    interval_ms: maybe(int('stats: time between two snapshots; 1000 when not given, at least 100')),
    level: maybe(int('log: only lines up to this level')),
    backlog: maybe(int('log and trace: so many of the newest ones first')),
    callid: maybe(text('trace: only this Call-ID')),
    user: maybe(text('trace: only messages with this user')),
  },
  'options',
)

/**
 * Topics and the shape of what is sent for them. `dropped` events tell how many were lost because
 * the reader was slow.
 */
export const topics = { log: logLine, stats: snapshot, trace: tracedMessage }
export type Topic = keyof typeof topics

/**
 * Sent by the node for each subscription that has news; JSON-RPC method `ohana.event`, no answer.
 */
export const eventMethod = 'ohana.event'

/**
 * `ohana.*` - what Kamailio has no command for: the node as one thing, its trace, its log, and news
 * as they happen.
 */
export const ohana = methods({
  'ohana.node': {
    doc: 'Who this node is: name, version, listeners, uptime, state.',
    class: 'read',
    params: [],
    result: node,
  },
  'ohana.snapshot': {
    doc: 'All that a console draws, in one cheap call.',
    class: 'read',
    params: [],
    result: snapshot,
  },
  'ohana.memory': {
    doc: 'Bytes of memory by kind; with 1 after collecting garbage, which stops the node shortly.',
    class: 'write',
    params: [maybe(int('1: collect garbage before'))],
    result: memory,
  },
  'ohana.statistics': {
    doc: 'Every statistic of every group with its value.',
    class: 'read',
    params: [],
    result: map(map(int())),
  },
  'ohana.parameters': {
    doc: 'Every runtime parameter with value, default, range and description.',
    class: 'read',
    params: [],
    result: list(
      record({
        group: text(),
        name: text(),
        type: text('int or string'),
        value: orNull(text('as text; null when it cannot be read')),
        default: orNull(text()),
        min: maybe(int()),
        max: maybe(int()),
        live: flag('cfg.set takes it'),
        pending: maybe(text('value that cfg.commit would set')),
        doc: text(),
      }),
    ),
  },
  'ohana.trace.find': {
    doc: 'Messages that this node received and sent, by Call-ID or user.',
    class: 'read',
    params: [traceFilter],
    result: record({
      node: text(),
      status: traceStatus,
      messages: list(tracedMessage),
      more: flag('there were more than the limit; the newest are here'),
    }),
  },
  'ohana.trace.status': {
    doc: 'How far back the trace reaches.',
    class: 'read',
    params: [],
    result: traceStatus,
  },
  'ohana.trace.enable': {
    doc: 'Switches the trace on (1) or off (0).',
    class: 'write',
    params: [int('0 or 1')],
    result: nothing,
  },
  'ohana.log.tail': {
    doc: 'The newest log lines, oldest first.',
    class: 'read',
    params: [maybe(int('lines'))],
    result: list(logLine),
  },
  'ohana.subscribe': {
    doc: 'Sends news of a topic (log, stats, trace) on this connection until it is closed.',
    class: 'read',
    params: [text('topic'), maybe(subscribeOptions)],
    result: subscription,
  },
  'ohana.unsubscribe': {
    doc: 'Ends a subscription of this connection.',
    class: 'read',
    params: [int('subscription')],
    result: nothing,
  },
})
