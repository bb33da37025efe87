import { datetime, index, serial, table, uint, unique, varchar } from '../table.ts'

export const domain = table(
  'domain',
  2,
  'Domains that the node serves.',
  {
    id: serial(),
    domain: varchar(64),
    did: varchar(64, null),
    last_modified: datetime('2000-01-01 00:00:01'),
  },
  [unique('domain_idx', 'domain')],
)

export const domainAttrs = table(
  'domain_attrs',
  1,
  'Attributes of the domains that the node serves.',
  {
    id: serial(),
    did: varchar(64),
    name: varchar(32),
    type: uint(),
    value: varchar(255),
    last_modified: datetime('2000-01-01 00:00:01'),
  },
  [index('domain_attrs_idx', 'did', 'name')],
)
