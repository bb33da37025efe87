/** `avp`: attributes of users and domains. */
import type { DbCell, DbTerm } from '../../rpc/database.ts'
import { type Args, type Command, type Option, required } from '../command.ts'
import { type Session, int, isAor, now, text, userOf, where } from '../database/session.ts'
import { type TableSpec, addRow, removeRows, showRows } from '../database/table-commands.ts'
import { UsageError } from '../exit.ts'
import { keyOf } from './subscriber.ts'

function preferences(args: Args): TableSpec {
  const name = args.option('table')
  if (name !== undefined && !/^\w+$/.test(name))
    throw new UsageError(`${name} is no name of a table`)
  return { kind: 'Avp', table: name === undefined ? ['AVP_TABLE', 'usr_preferences'] : ['', name] }
}

/** user@domain, else a uuid. */
const ownerCells = (session: Session, word: string): DbCell[] =>
  isAor(word) ? keyOf(userOf(session, word)) : [text('uuid', word)]

function chosen(session: Session, args: Args): DbTerm[] {
  const cells: DbCell[] = []
  const owner = args.option('user')
  if (owner !== undefined) cells.push(...ownerCells(session, owner))
  const options = [
    ['attribute', 'attribute'],
    ['value', 'value'],
  ] as const
  for (const [option, column] of options) {
    const word = args.option(option)
    if (word !== undefined) cells.push(text(column, word))
  }
  const type = args.option('type')
  if (type !== undefined) cells.push(int('type', avpType(type)))
  return where(...cells)
}

function avpType(word: string): number {
  if (/^[0-3]$/.test(word)) return Number(word)
  throw new UsageError('type is 0 (str:str), 1 (str:int), 2 (int:str) or 3 (int:int)')
}

const TABLE: Option = { flags: '-T, --table <name>', doc: 'the table (default: usr_preferences)' }
const CHOICE: readonly Option[] = [
  TABLE,
  { flags: '-u, --user <who>', doc: 'user@domain, or a uuid' },
  { flags: '-a, --attribute <name>', doc: 'its name' },
  { flags: '-v, --value <text>', doc: 'its value' },
  { flags: '-t, --type <number>', doc: '0 (str:str), 1 (str:int), 2 (int:str), 3 (int:int)' },
]

export const avpCommands: readonly Command[] = [
  {
    name: 'avp list',
    args: [],
    options: CHOICE,
    doc: 'List attributes.',
    examples: ['avp list -u alice@example.org', 'avp list -a lang -v de'],
    run: (io, fleet, args) => showRows(preferences(args), chosen)(io, fleet, args),
  },
  {
    name: 'avp add',
    args: [
      required('user', 'user@domain, or a uuid'),
      required('attribute', 'its name'),
      required('type', '0 (str:str), 1 (str:int), 2 (int:str), 3 (int:int)'),
      required('value', 'its value'),
    ],
    options: [TABLE],
    doc: 'Add an attribute.',
    examples: ['avp add alice@example.org lang 0 de'],
    run: (io, fleet, args) =>
      addRow(preferences(args), session => [
        ...ownerCells(session, args.word('user')),
        text('attribute', args.word('attribute')),
        int('type', avpType(args.word('type'))),
        text('value', args.word('value')),
        now('last_modified', io),
      ])(io, fleet, args),
  },
  {
    name: 'avp rm',
    args: [],
    options: CHOICE,
    doc: 'Remove attributes.',
    examples: ['avp rm -u alice@example.org -a lang'],
    run: (io, fleet, args) => removeRows(preferences(args), chosen)(io, fleet, args),
  },
]
