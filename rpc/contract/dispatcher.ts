import {
  double,
  int,
  long,
  looseText,
  maybe,
  methods,
  orNull,
  record,
  rows,
  text,
} from '../schema.ts'

const group = int('group')
const invalid = [[500, 'Invalid Parameters']] as const

const attributes = record({
  BODY: text(),
  DUID: orNull(text()),
  MAXLOAD: int('calls that it takes; 0 is no limit'),
  WEIGHT: int('percent'),
  RWEIGHT: int('relative weight'),
  SOCKET: orNull(text()),
  SOCKNAME: orNull(text()),
  OBPROXY: orNull(text()),
})
const latency = record({
  AVG: double('milliseconds'),
  STD: double(),
  EST: double(),
  MAX: int(),
  TIMEOUT: int('pings without an answer'),
})
const destination = record({
  URI: text(),
  FLAGS: text('A, I, T or D, and P when it is probed, else X'),
  PRIORITY: int(),
  HOST: maybe(text()),
  IPADDR: maybe(text()),
  PORT: maybe(int()),
  PROTOID: maybe(int()),
  DNSTIME_SEC: maybe(long()),
  DNSTIME_USEC: maybe(long()),
  ATTRS: maybe(attributes),
  LATENCY: maybe(latency),
  RUNTIME: maybe(record({ DLGLOAD: int('calls') })),
})

/** `dispatcher.*` - sets of destinations. */
export const dispatcher = methods({
  'dispatcher.reload': {
    doc: 'Reload dispatcher destination sets',
    class: 'write',
    params: [],
    result: text(),
  },
  'dispatcher.list': {
    doc: 'Return the content of dispatcher sets',
    class: 'read',
    params: [maybe(text('short or full'))],
    result: record({
      NRSETS: int(),
      RECORDS: rows('SET', record({ ID: int(), TARGETS: rows('DEST', destination) })),
    }),
  },
  'dispatcher.set_state': {
    doc: 'Set the state of a destination by address',
    class: 'write',
    params: [
      looseText('state: a, i, t or d; ap, ip, tp have it probed'),
      group,
      text('uri or all'),
    ],
    badParams: invalid,
    result: text(),
  },
  'dispatcher.set_duid_state': {
    doc: 'Set the state of a destination by duid',
    class: 'write',
    params: [looseText('state'), group, text('duid or all')],
    badParams: invalid,
    result: text(),
  },
  'dispatcher.ping_active': {
    doc: 'Manage setting on/off the pinging (keepalive) of destinations',
    class: 'write',
    params: [maybe(int('0 off, 1 on'))],
    result: record({ NewPingState: maybe(int()), OldPingState: int() }),
  },
  'dispatcher.add': {
    doc: 'Add a destination address in memory',
    class: 'write',
    params: [
      group,
      text('uri'),
      maybe(int('flags')),
      maybe(int('priority')),
      maybe(text('attributes')),
    ],
    badParams: invalid,
    result: text(),
  },
  'dispatcher.remove': {
    doc: 'Remove a destination address from memory',
    class: 'danger',
    params: [group, text('uri')],
    badParams: invalid,
    result: text(),
  },
  'dispatcher.hash': {
    doc: 'Compute the hash if the values',
    class: 'read',
    params: [int('slots'), text('value'), maybe(text('value'))],
    badParams: invalid,
    result: record({ hashid: int(), slot: int() }),
  },
})
