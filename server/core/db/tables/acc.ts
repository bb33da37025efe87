import { datetime, float, index, serial, table, varchar } from '../table.ts'

export const acc = table(
  'acc',
  5,
  'One row per accounted transaction.',
  {
    id: serial(),
    method: varchar(16, ''),
    from_tag: varchar(128, ''),
    to_tag: varchar(128, ''),
    callid: varchar(255, ''),
    sip_code: varchar(3, ''),
    sip_reason: varchar(128, ''),
    time: datetime(),
  },
  [index('callid_idx', 'callid')],
)

export const accCdrs = table(
  'acc_cdrs',
  2,
  'One row per call: when it began, when it ended, how long it was.',
  {
    id: serial(),
    start_time: datetime('2000-01-01 00:00:00'),
    end_time: datetime('2000-01-01 00:00:00'),
    duration: float('10,3', 0),
  },
  [index('start_time_idx', 'start_time')],
)

export const missedCalls = table(
  'missed_calls',
  4,
  'One row per call that nobody took.',
  acc.columns,
  acc.indexes,
)
