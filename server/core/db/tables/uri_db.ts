import { datetime, serial, table, unique, varchar } from '../table.ts'

export const uri = table(
  'uri',
  1,
  'Which authenticated user may use which user name in an address.',
  {
    id: serial(),
    username: varchar(64, ''),
    domain: varchar(64, ''),
    uri_user: varchar(64, ''),
    last_modified: datetime('2000-01-01 00:00:01'),
  },
  [unique('account_idx', 'username', 'domain', 'uri_user')],
)
