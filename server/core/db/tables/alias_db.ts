import { index, serial, table, varchar } from '../table.ts'

export const dbaliases = table(
  'dbaliases',
  1,
  'Aliases of subscribers: one address of record that stands for another.',
  {
    id: serial(),
    alias_username: varchar(64, ''),
    alias_domain: varchar(64, ''),
    username: varchar(64, ''),
    domain: varchar(64, ''),
  },
  [
    index('alias_user_idx', 'alias_username'),
    index('alias_idx', 'alias_username', 'alias_domain'),
    index('target_idx', 'username', 'domain'),
  ],
)
