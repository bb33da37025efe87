import { datetime, index, mediumtext, serial, table, uint, varchar } from '../table.ts'

export const sipTrace = table(
  'sip_trace',
  4,
  'Messages that were traced.',
  {
    id: serial(),
    time_stamp: datetime('2000-01-01 00:00:01'),
    time_us: uint(0),
    callid: varchar(255, ''),
    traced_user: varchar(255, ''),
    msg: mediumtext(),
    method: varchar(50, ''),
    status: varchar(255, ''),
    fromip: varchar(64, ''),
    toip: varchar(64, ''),
    fromtag: varchar(128, ''),
    totag: varchar(128, ''),
    direction: varchar(4, ''),
  },
  [
    index('traced_user_idx', 'traced_user'),
    index('date_idx', 'time_stamp'),
    index('fromip_idx', 'fromip'),
    index('callid_idx', 'callid'),
  ],
)
