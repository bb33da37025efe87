import { index, table, unique, varchar } from '../table.ts'
import { location } from './usrloc.ts'

export const aliases = table(
  'aliases',
  8,
  'Contacts of aliases, as the location table holds those of users.',
  { ...location.columns, contact: varchar(255, ''), received: varchar(255, null) },
  [
    unique('ruid_idx', 'ruid'),
    index('account_contact_idx', 'username', 'domain', 'contact'),
    index('expires_idx', 'expires'),
  ],
)
