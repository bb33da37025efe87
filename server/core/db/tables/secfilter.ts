import { index, serial, smallint, table, varchar } from '../table.ts'

export const secfilter = table(
  'secfilter',
  1,
  'What is let through or refused: addresses, users, countries, user agents.',
  {
    id: serial(),
    action: smallint(0),
    type: smallint(0),
    data: varchar(64, ''),
  },
  [index('secfilter_idx', 'action', 'type', 'data')],
)
