import { int, serial, table, varchar } from '../table.ts'

export const rtpproxy = table(
  'rtpproxy',
  1,
  'Sets of rtpproxy media relays.',
  {
    id: serial(),
    setid: varchar(32, 0),
    url: varchar(64, ''),
    flags: int(0),
    weight: int(1),
    description: varchar(64, ''),
  },
  [],
)
