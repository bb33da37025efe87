import { datetime, int, serial, table, uint, unique, varchar } from '../table.ts'

export const rtpengine = table(
  'rtpengine',
  1,
  'Sets of rtpengine media relays.',
  {
    id: serial(),
    setid: uint(0),
    url: varchar(64),
    weight: uint(1),
    disabled: int(0, 1),
    stamp: datetime('1900-01-01 00:00:01'),
  },
  [unique('rtpengine_nodes', 'setid', 'url')],
)
