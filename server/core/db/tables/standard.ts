import { serial, table, uint, unique, varchar } from '../table.ts'

export const version = table(
  'version',
  1,
  'Which version of each table is there: modules compare it with the one that they expect.',
  {
    id: serial(),
    table_name: varchar(32),
    table_version: uint(0),
  },
  [unique('table_name_idx', 'table_name')],
)
