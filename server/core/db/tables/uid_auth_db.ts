import { index, int, serial, table, varchar } from '../table.ts'

export const uidCredentials = table(
  'uid_credentials',
  7,
  'Passwords of users by user id.',
  {
    id: serial(),
    auth_username: varchar(64),
    did: varchar(64, '_default'),
    realm: varchar(64),
    password: varchar(28, ''),
    flags: int(0),
    ha1: varchar(32),
    ha1b: varchar(32, ''),
    uid: varchar(64),
  },
  [
    index('cred_idx', 'auth_username', 'did'),
    index('uid', 'uid'),
    index('did_idx', 'did'),
    index('realm_idx', 'realm'),
  ],
)
