import { index, serial, table, unique, varchar } from '../table.ts'

export const subscriber = table(
  'subscriber',
  7,
  'Users with their passwords, plain or hashed.',
  {
    id: serial(),
    username: varchar(64, ''),
    domain: varchar(64, ''),
    password: varchar(64, ''),
    ha1: varchar(128, ''),
    ha1b: varchar(128, ''),
  },
  [unique('account_idx', 'username', 'domain'), index('username_idx', 'username')],
)
