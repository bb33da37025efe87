import { nullable, serial, table, varchar } from '../table.ts'

export const purplemap = table(
  'purplemap',
  1,
  'Accounts of users in other instant message systems.',
  {
    id: serial(),
    sip_user: varchar(255),
    ext_user: varchar(255),
    ext_prot: varchar(16),
    ext_pass: nullable(varchar(64)),
  },
  [],
)
