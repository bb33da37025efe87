import { int, serial, table, varchar } from '../table.ts'

export const htable = table(
  'htable',
  2,
  'Entries that hash tables are loaded with and written to.',
  {
    id: serial(),
    key_name: varchar(64, ''),
    key_type: int(0),
    value_type: int(0),
    key_value: varchar(128, ''),
    expires: int(0),
  },
  [],
)
