import { int, list, long, methods, record, text } from '../schema.ts'

const spool = record({
  name: text('the module that fills it'),
  folder: text(),
  state: text('ok; limit or disk: new work that leads to records is refused'),
  failure: text('why writing fails; empty while it does not'),
  pending: int('records that wait to be delivered'),
  unwritten: int('of them in memory only, because writing fails'),
  delivered: long('number of the last record that was delivered'),
  bytes: long('size of the files'),
  segments: int('files'),
  blocked: text('why nothing is delivered; empty while it is'),
})

export const ohanaSpool = methods({
  'ohana.spool.status': {
    doc: 'Records on their way to a database or another server',
    class: 'read',
    params: [],
    result: list(spool),
  },
  'ohana.spool.retry': {
    doc: 'Tries at once to deliver what waits, without the pause after a failure',
    class: 'write',
    params: [],
    result: int('spools'),
  },
})
