import { serial, table, unique, varchar } from '../table.ts'

export const speedDial = table(
  'speed_dial',
  2,
  'Short numbers of users.',
  {
    id: serial(),
    username: varchar(64, ''),
    domain: varchar(64, ''),
    sd_username: varchar(64, ''),
    sd_domain: varchar(64, ''),
    new_uri: varchar(255, ''),
    fname: varchar(64, ''),
    lname: varchar(64, ''),
    description: varchar(64, ''),
  },
  [unique('speed_dial_idx', 'username', 'domain', 'sd_domain', 'sd_username')],
)
