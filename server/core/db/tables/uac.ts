import { int, serial, table, unique, varchar } from '../table.ts'

export const uacreg = table(
  'uacreg',
  5,
  'Accounts under which the node registers itself elsewhere.',
  {
    id: serial(),
    l_uuid: varchar(64, ''),
    l_username: varchar(64, ''),
    l_domain: varchar(64, ''),
    r_username: varchar(64, ''),
    r_domain: varchar(64, ''),
    realm: varchar(64, ''),
    auth_username: varchar(64, ''),
    auth_password: varchar(64, ''),
    auth_ha1: varchar(128, ''),
    auth_proxy: varchar(255, ''),
    expires: int(0),
    flags: int(0),
    reg_delay: int(0),
    contact_addr: varchar(255, ''),
    socket: varchar(128, ''),
  },
  [unique('l_uuid_idx', 'l_uuid')],
)
