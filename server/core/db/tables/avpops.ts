import { datetime, index, int, serial, table, varchar } from '../table.ts'

export const usrPreferences = table(
  'usr_preferences',
  2,
  'Attributes of users and domains, loaded as AVPs.',
  {
    id: serial(),
    uuid: varchar(64, ''),
    username: varchar(255, 0),
    domain: varchar(64, ''),
    attribute: varchar(32, ''),
    type: int(0),
    value: varchar(128, ''),
    last_modified: datetime('2000-01-01 00:00:01'),
  },
  [index('ua_idx', 'uuid', 'attribute'), index('uda_idx', 'username', 'domain', 'attribute')],
)
