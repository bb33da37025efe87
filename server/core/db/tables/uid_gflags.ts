import { int, nullable, serial, table, uint, unique, varchar } from '../table.ts'

export const uidGlobalAttrs = table(
  'uid_global_attrs',
  1,
  'Attributes of the whole system.',
  {
    id: serial(),
    name: varchar(32),
    type: int(0),
    value: nullable(varchar(128)),
    flags: uint(0),
  },
  [unique('global_attrs_idx', 'name', 'value')],
)
