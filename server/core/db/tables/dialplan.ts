import { int, serial, table, varchar } from '../table.ts'

export const dialplan = table(
  'dialplan',
  2,
  'Rules that translate numbers.',
  {
    id: serial(),
    dpid: int(),
    pr: int(),
    match_op: int(),
    match_exp: varchar(64),
    match_len: int(),
    subst_exp: varchar(64),
    repl_exp: varchar(256),
    attrs: varchar(64),
  },
  [],
)
