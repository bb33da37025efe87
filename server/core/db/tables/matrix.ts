import { index, int, serial, smallint, table } from '../table.ts'

export const matrix = table(
  'matrix',
  1,
  'Results for pairs of numbers.',
  {
    id: serial(),
    first: int(undefined, 10),
    second: smallint(undefined, 10),
    res: int(undefined, 10),
  },
  [index('matrix_idx', 'first', 'second')],
)
