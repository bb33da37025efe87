import { serial, table, unique, varchar } from '../table.ts'

export const pdt = table(
  'pdt',
  1,
  'Domains of number prefixes.',
  {
    id: serial(),
    sdomain: varchar(255),
    prefix: varchar(32),
    domain: varchar(255, ''),
  },
  [unique('sdomain_prefix_idx', 'sdomain', 'prefix')],
)
