import { bigint, table, unique, varchar } from '../table.ts'

/** Ours, not Kamailio's: nobody else reads or needs it (decision 0016). */
export const ohanaSpool = table(
  'ohana_spool',
  1,
  'How many records of each spool are in this database.',
  {
    spool: varchar(64),
    done: bigint(),
  },
  [unique('spool_idx', 'spool')],
)
