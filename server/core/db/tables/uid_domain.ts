import { index, int, nullable, serial, table, uint, unique, varchar } from '../table.ts'

export const uidDomain = table(
  'uid_domain',
  2,
  'Domains by domain id.',
  {
    id: serial(),
    did: varchar(64),
    domain: varchar(64),
    flags: uint(0),
  },
  [unique('domain_idx', 'domain'), index('did_idx', 'did')],
)

export const uidDomainAttrs = table(
  'uid_domain_attrs',
  1,
  'Attributes of domains by domain id.',
  {
    id: serial(),
    did: nullable(varchar(64)),
    name: varchar(32),
    type: int(0),
    value: nullable(varchar(128)),
    flags: uint(0),
  },
  [unique('domain_attr_idx', 'did', 'name', 'value'), index('domain_did', 'did', 'flags')],
)
