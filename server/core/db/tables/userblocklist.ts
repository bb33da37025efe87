import { index, serial, table, tinyint, varchar } from '../table.ts'

export const userblocklist = table(
  'userblocklist',
  1,
  'Prefixes that a user lets through or refuses.',
  {
    id: serial(),
    username: varchar(64, ''),
    domain: varchar(64, ''),
    prefix: varchar(64, ''),
    allowlist: tinyint(0, 1),
  },
  [index('userblocklist_idx', 'username', 'domain', 'prefix')],
)

export const globalblocklist = table(
  'globalblocklist',
  1,
  'Prefixes that are let through or refused for all.',
  {
    id: serial(),
    prefix: varchar(64, ''),
    allowlist: tinyint(0, 1),
    description: varchar(255, null),
  },
  [index('globalblocklist_idx', 'prefix')],
)
