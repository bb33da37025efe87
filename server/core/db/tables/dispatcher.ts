import { int, serial, table, varchar } from '../table.ts'

export const dispatcher = table(
  'dispatcher',
  4,
  'Sets of destinations between which load is spread.',
  {
    id: serial(),
    setid: int(0),
    destination: varchar(192, ''),
    flags: int(0),
    priority: int(0),
    attrs: varchar(128, ''),
    description: varchar(64, ''),
  },
  [],
)
