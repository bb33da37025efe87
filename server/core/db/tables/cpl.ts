import { nullable, serial, table, text, unique, varchar } from '../table.ts'

export const cpl = table(
  'cpl',
  1,
  'Call processing scripts of users.',
  {
    id: serial(),
    username: varchar(64),
    domain: varchar(64, ''),
    cpl_xml: nullable(text()),
    cpl_bin: nullable(text()),
  },
  [unique('account_idx', 'username', 'domain')],
)
