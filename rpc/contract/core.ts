import {
  either,
  int,
  list,
  long,
  looseText,
  maybe,
  methods,
  nothing,
  record,
  rest,
  rows,
  scalar,
  text,
} from '../schema.ts'

const memory = record({
  total: long('bytes of shared memory'),
  free: long(),
  used: long(),
  real_used: long(),
  max_used: long(),
  fragments: long(),
})

const tcpOptions = record({
  connect_timeout: int('seconds'),
  send_timeout: int('seconds'),
  connection_lifetime: int('seconds'),
  'max_connections(soft)': int(),
  'max_tls_connections(soft)': int(),
  no_connect: int(),
  fd_cache: int(),
  async: int(),
  connect_wait: int(),
  conn_wq_max: int('bytes'),
  wq_max: int('bytes'),
  defer_accept: int(),
  delayed_ack: int(),
  syncnt: int(),
  linger2: int(),
  keepalive: int(),
  keepidle: int(),
  keepintvl: int(),
  keepcnt: int(),
  crlf_ping: int(),
  accept_aliases: int(),
  alias_flags: int(),
  new_conn_alias_flags: int(),
})

const tcpConnection = record({
  id: int(),
  type: text('TCP, TLS, WS or WSS'),
  state: text(),
  timeout: int('seconds left'),
  lifetime: int('seconds'),
  ref_count: int(),
  src_ip: text(),
  src_port: int(),
  dst_ip: text(),
  dst_port: int(),
})

const socket = record({
  proto: text(),
  address: text(),
  ipaddress: maybe(text('when the listen line has a host name')),
  port: text(),
  mcast: text('yes or no'),
  mhomed: text('yes or no'),
  virtual: text('yes or no'),
})

const alias = record({
  proto: text('udp, tcp ... or *'),
  address: text(),
  port: scalar('* for any'),
})

/** `core.*` about the process: name, age, memory, command line. */
export const processMethods = methods({
  'core.version': {
    doc: 'Returns the version string of the server.',
    class: 'read',
    params: [],
    result: text(),
  },
  'core.flags': {
    doc: 'Returns the compile flags.',
    class: 'read',
    params: [],
    result: text(),
  },
  'core.info': {
    doc: 'Verbose info, including version number, compile flags, compiler,repository hash a.s.o.',
    class: 'read',
    params: [],
    result: record({
      version: text(),
      id: text(),
      compiler: text(),
      compiled: text(),
      flags: text(),
    }),
  },
  'core.runinfo': {
    doc: 'Runtime info - binary name, version, uptime, ...',
    class: 'read',
    params: [],
    result: record({
      name: text(),
      version: text(),
      sourceid: text(),
      compiler: text(),
      compiled: text(),
      time_now: text(),
      time_started: text(),
      uptime_secs: int(),
      utime_days: text('0d 0h 1m 25s'),
    }),
  },
  'core.uptime': {
    doc: 'Returns uptime of SIP server.',
    class: 'read',
    params: [],
    result: record({ now: text(), up_since: text(), uptime: int('seconds') }),
  },
  'core.ps': {
    doc: 'Returns the description of running processes.',
    class: 'read',
    params: [],
    result: list(scalar(), 'process id, description, process id, ...'),
  },
  'core.psx': {
    doc: 'Returns the detailed description of running processes.',
    class: 'read',
    params: [],
    result: list(record({ IDX: int(), PID: int(), DSC: text() })),
  },
  'core.psa': {
    doc: 'Return all the attributes of running processes.',
    class: 'read',
    params: [],
    result: list(
      record({ index: int(), pid: int(), status: int(), rank: int(), description: text() }),
    ),
  },
  'core.pwd': {
    doc: 'Returns the working directory of server.',
    class: 'read',
    params: [],
    result: list(text()),
  },
  'core.arg': {
    doc: 'Returns the list of command line arguments used on startup.',
    class: 'read',
    params: [],
    result: list(text()),
  },
  'core.kill': {
    doc: 'Sends the given signal to server.',
    class: 'danger',
    params: [maybe(int('signal'))],
    result: nothing,
  },
  'core.shmmem': {
    doc:
      'Returns shared memory info. It has an optional parameter that specifies the measuring ' +
      'unit: ' +
      'b - bytes (default), k or kb, m or mb, g or gb. Note: when using something different from ' +
      'bytes, the value is truncated.',
    class: 'read',
    params: [maybe(text('unit'))],
    result: memory,
  },
})

/** `core.*` about what it listens on, loads and repeats. */
export const surroundings = methods({
  'core.prints': {
    doc: 'Returns the strings given as parameters.',
    class: 'read',
    params: [rest(text('text'))],
    result: list(text()),
  },
  'core.printi': {
    doc: 'Returns the integers given as parameters.',
    class: 'read',
    params: [rest(int('number'))],
    result: list(int()),
  },
  'core.echo': {
    doc: 'Returns back its parameters.',
    class: 'read',
    params: [rest(looseText('value'))],
    result: list(text()),
  },
  'core.tcp_info': {
    doc: 'Returns tcp related info.',
    class: 'read',
    params: [],
    result: record({
      readers: int(),
      max_connections: int(),
      max_tls_connections: int(),
      opened_connections: int(),
      opened_tls_connections: int(),
      write_queued_bytes: int(),
    }),
  },
  'core.tcp_options': {
    doc: 'Returns active tcp options.',
    class: 'read',
    params: [],
    result: tcpOptions,
  },
  'core.tcp_list': {
    doc: 'Returns tcp connections details.',
    class: 'read',
    params: [],
    result: list(tcpConnection),
  },
  'core.udp4_raw_info': {
    doc: 'Returns udp4_raw related info.',
    class: 'read',
    params: [],
    result: record({ udp4_raw: int(), udp4_raw_mtu: int(), udp4_raw_ttl: int() }),
  },
  'core.aliases_list': {
    doc: 'List local SIP server host aliases',
    class: 'read',
    params: [],
    result: record({ myself_callbacks: text('yes or no'), aliases: rows('alias', alias) }),
  },
  'core.sockets_list': {
    doc: 'List local SIP server listen sockets',
    class: 'read',
    params: [],
    result: rows('socket', socket),
  },
  'core.modules': { doc: 'List loaded modules', class: 'read', params: [], result: list(text()) },
  'core.ppdefines': {
    doc: 'List preprocessor defines',
    class: 'read',
    params: [],
    result: list(text()),
  },
  'core.ppdefines_full': {
    doc: 'List preprocessor defines with full details',
    class: 'read',
    params: [],
    result: list(record({ name: text(), type: int(), value: either(text(), int()) })),
  },
})

/** `core.*` - the process, its sockets and its memory. */
export const core = { ...processMethods, ...surroundings }
