import { int, nullable, serial, table, uint, unique, varchar } from '../table.ts'

export const uidUserAttrs = table(
  'uid_user_attrs',
  3,
  'Attributes of users by user id.',
  {
    id: serial(),
    uid: varchar(64),
    name: varchar(32),
    value: nullable(varchar(128)),
    type: int(0),
    flags: uint(0),
  },
  [unique('userattrs_idx', 'uid', 'name', 'value')],
)
