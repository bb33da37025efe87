import { index, nullable, serial, table, unique, varchar } from '../table.ts'

export const domainpolicy = table(
  'domainpolicy',
  2,
  'Policies for calls to other domains.',
  {
    id: serial(),
    rule: varchar(255),
    type: varchar(255),
    att: nullable(varchar(255)),
    val: nullable(varchar(128)),
    description: varchar(255),
  },
  [unique('rav_idx', 'rule', 'att', 'val'), index('rule_idx', 'rule')],
)
