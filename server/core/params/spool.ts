/** Core parameters: records on their way to a database or another server. */
import { int, string } from './row.ts'

const since6 = true

export const spool = {
  spool_dir: string(
    '',
    'Folder of the spools; empty: spool in the run directory, or in /var/lib/x for /run/x.',
    { since6 },
  ),
  spool_sync: int(
    0,
    'Not 0: records are on the disk itself, not only with the kernel, before a reply leaves.',
    { since6, min: 0, max: 1 },
  ),
  spool_reserve: int(
    1024,
    'KiB that each spool keeps for the records of calls under way when the disk is full.',
    { since6, min: 0 },
  ),
  spool_max: int(1024, 'MiB of waiting records from which on new calls are refused.', {
    since6,
    min: 1,
  }),
}
