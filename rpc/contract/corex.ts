import { either, int, list, maybe, methods, nothing, record, text } from '../schema.ts'

const socket = record({
  PROTO: text(),
  NAME: text(),
  ADDRLIST: record({ ADDR: text() }),
  PORT: text(),
  MCAST: text('yes or no'),
  MHOMED: text('yes or no'),
  VIRTUAL: text('yes or no'),
  SOCKNAME: text('- when it has none'),
  ADVERTISE: text('- when it has none'),
})

/** `corex.*` - sockets, aliases and the log level. */
export const corex = methods({
  'corex.list_sockets': {
    doc: 'List listening sockets',
    class: 'read',
    params: [],
    result: list(socket),
  },
  'corex.list_aliases': {
    doc: 'List socket aliases',
    class: 'read',
    params: [],
    result: list(record({ PROTO: text(), ADDR: text(), PORT: int('0 for any') })),
  },
  'corex.debug': {
    doc: 'Control the global level of debug',
    class: 'write',
    params: [maybe(int('level'))],
    result: either(record({ old: int(), new: int() }), record({ debug: int() })),
  },
  'corex.shm_status': {
    doc: 'Trigger shm status dump to syslog',
    class: 'read',
    params: [],
    result: nothing,
  },
  'corex.shm_summary': {
    doc: 'Trigger shm summary dump to syslog',
    class: 'read',
    params: [],
    result: nothing,
  },
  'corex.pkg_summary': {
    doc: 'Trigger shm summary dump to syslog',
    class: 'read',
    params: [text('idx, pid or rank'), int('value')],
    result: nothing,
    badParams: [[400, 'Selector and value not provided']],
  },
})
