import { datetime, index, int, serial, table, unique, varchar } from '../table.ts'

export const grp = table(
  'grp',
  2,
  'Groups that a user is in: what he may do.',
  {
    id: serial(),
    username: varchar(64, ''),
    domain: varchar(64, ''),
    grp: varchar(64, ''),
    last_modified: datetime('2000-01-01 00:00:01'),
  },
  [unique('account_group_idx', 'username', 'domain', 'grp')],
)

export const reGrp = table(
  're_grp',
  1,
  'Group of a user by a pattern on his address.',
  {
    id: serial(),
    reg_exp: varchar(128, ''),
    group_id: int(0),
  },
  [index('group_idx', 'group_id')],
)
