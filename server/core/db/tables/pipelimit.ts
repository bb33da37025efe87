import { int, serial, table, varchar } from '../table.ts'

export const plPipes = table(
  'pl_pipes',
  1,
  'Limits of traffic, one pipe a row.',
  {
    id: serial(),
    pipeid: varchar(64, ''),
    algorithm: varchar(32, ''),
    plimit: int(0),
  },
  [],
)
