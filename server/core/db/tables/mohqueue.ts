import { datetime, int, nullable, serial, table, uint, unique, varchar } from '../table.ts'

export const mohqcalls = table(
  'mohqcalls',
  1,
  'Calls that wait in a queue with music.',
  {
    id: serial(),
    mohq_id: uint(),
    call_id: varchar(100),
    call_status: uint(),
    call_from: varchar(100),
    call_contact: nullable(varchar(100)),
    call_time: datetime(),
  },
  [unique('mohqcalls_idx', 'call_id')],
)

export const mohqueues = table(
  'mohqueues',
  1,
  'Queues in which calls wait with music.',
  {
    id: serial(),
    name: varchar(25),
    uri: varchar(100),
    mohdir: nullable(varchar(100)),
    mohfile: varchar(100),
    debug: int(),
  },
  [unique('mohqueue_uri_idx', 'uri'), unique('mohqueue_name_idx', 'name')],
)
