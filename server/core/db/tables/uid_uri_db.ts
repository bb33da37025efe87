import { index, int, nullable, serial, table, uint, unique, varchar } from '../table.ts'

export const uidUri = table(
  'uid_uri',
  3,
  'Addresses of record by user id.',
  {
    id: serial(),
    uid: varchar(64),
    did: varchar(64),
    username: varchar(64),
    flags: uint(0),
    scheme: varchar(8, 'sip'),
  },
  [index('uri_idx1', 'username', 'did', 'scheme'), index('uri_uid', 'uid')],
)

export const uidUriAttrs = table(
  'uid_uri_attrs',
  2,
  'Attributes of addresses of record.',
  {
    id: serial(),
    username: varchar(64),
    did: varchar(64),
    name: varchar(32),
    value: nullable(varchar(128)),
    type: int(0),
    flags: uint(0),
    scheme: varchar(8, 'sip'),
  },
  [unique('uriattrs_idx', 'username', 'did', 'name', 'value', 'scheme')],
)
