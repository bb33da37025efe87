import { serial, table, unique, varchar } from '../table.ts'

export const mtree = table(
  'mtree',
  1,
  'Values of number prefixes, one tree.',
  {
    id: serial(),
    tprefix: varchar(32, ''),
    tvalue: varchar(128, ''),
  },
  [unique('tprefix_idx', 'tprefix')],
)

export const mtrees = table(
  'mtrees',
  2,
  'Values of number prefixes, several trees.',
  {
    id: serial(),
    tname: varchar(128, ''),
    tprefix: varchar(32, ''),
    tvalue: varchar(128, ''),
  },
  [unique('tname_tprefix_tvalue_idx', 'tname', 'tprefix', 'tvalue')],
)
