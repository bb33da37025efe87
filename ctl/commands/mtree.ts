/** `mtree`: values of number prefixes. */
import type { Fleet } from '../../rpc/fleet/fleet.ts'
import { type Args, type Command, optional, required } from '../command.ts'
import { text, where } from '../database/session.ts'
import {
  type TableSpec,
  addRow,
  callRun,
  removeRows,
  showRows,
} from '../database/table-commands.ts'
import { UsageError } from '../exit.ts'
import type { Io } from '../io.ts'

/** The table is named on the command line. */
function tree(args: Args): TableSpec {
  const name = args.word('table')
  if (!/^\w+$/.test(name)) throw new UsageError(`${name} is no name of a table`)
  return { kind: 'Prefix', table: ['', name], reload: ['mtree.reload', 'mtree reload'] }
}

const onTree =
  (run: (spec: TableSpec) => Command['run']): Command['run'] =>
  (io: Io, fleet: Fleet, args: Args) =>
    run(tree(args))(io, fleet, args)

const named = (args: Args): unknown[] => (args.has('tree') ? [args.word('tree')] : [])

const table = required('table', 'the table of the tree: mtree, or another of that form')
const prefix = required('prefix', 'the first digits')
const show = onTree(spec => showRows(spec))

export const mtreeCommands: readonly Command[] = [
  {
    name: 'mtree show',
    args: [table],
    doc: 'Show the prefixes in the database.',
    examples: ['mtree show mtree'],
    run: show,
  },
  {
    name: 'mtree showdb',
    args: [table],
    doc: 'The same, by the name that Kamailio’s kamctl obeys.',
    examples: ['mtree showdb mtree'],
    run: show,
  },
  {
    name: 'mtree dump',
    args: [optional('tree', 'only this one')],
    doc: 'Show the trees that nodes have in memory.',
    examples: ['mtree dump'],
    run: callRun('mtree.list', named),
  },
  {
    name: 'mtree add',
    args: [table, prefix, required('value', 'what it stands for')],
    doc: 'Add a prefix.',
    examples: ['mtree add mtree 4930 berlin'],
    run: onTree(spec =>
      addRow(spec, (_, args) => [
        text('tprefix', args.word('prefix')),
        text('tvalue', args.word('value')),
      ]),
    ),
  },
  {
    name: 'mtree rm',
    args: [table, prefix],
    doc: 'Remove a prefix.',
    examples: ['mtree rm mtree 4930'],
    run: onTree(spec => removeRows(spec, (_, args) => where(text('tprefix', args.word('prefix'))))),
  },
  {
    name: 'mtree reload',
    args: [optional('tree', 'only this one')],
    doc: 'Have nodes read their trees again.',
    examples: ['mtree reload', 'mtree reload countries'],
    run: callRun('mtree.reload', named),
  },
]
