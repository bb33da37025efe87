/** `dispatcher`: the destinations between which load is spread. */
import { type Command, optional, required } from '../command.ts'
import { int, text, where, whole } from '../database/session.ts'
import {
  type TableSpec,
  addRow,
  callRun,
  removeRows,
  showRows,
} from '../database/table-commands.ts'
import { RELOAD } from '../database/table-commands.ts'

const destinations: TableSpec = {
  kind: 'Destination',
  table: ['DISPATCHER_TABLE', 'dispatcher'],
  reload: ['dispatcher.reload', 'dispatcher reload'],
}

const set = required('set', 'the number of the set')
const destination = required('destination', 'a SIP URI')

const add: Command['run'] = addRow(destinations, (_, args) => [
  int('setid', whole(args, 'set')),
  text('destination', args.word('destination')),
  int('flags', whole(args, 'flags', 0)),
  int('priority', whole(args, 'priority', 0)),
  text('attrs', args.word('attrs')),
  text('description', args.word('description')),
])

export const dispatcherCommands: readonly Command[] = [
  {
    name: 'dispatcher show',
    args: [],
    doc: 'Show the destinations in the database.',
    examples: ['dispatcher show'],
    run: showRows(destinations, () => [], 'setid'),
  },
  {
    name: 'dispatcher dump',
    args: [],
    doc: 'Show the destinations that nodes have in memory, and how they are.',
    examples: ['dispatcher dump'],
    run: callRun('dispatcher.list'),
  },
  {
    name: 'dispatcher add',
    args: [
      set,
      destination,
      optional('flags', '0 when not given'),
      optional('priority', '0 when not given'),
      optional('attrs', 'weight=..;socket=.. and so on'),
      optional('description', 'a text for people'),
    ],
    options: [RELOAD],
    doc: 'Add a destination to a set.',
    examples: ["dispatcher add 1 sip:192.0.2.1:5060 0 5 'weight=50' 'gateway one'"],
    run: add,
  },
  {
    name: 'dispatcher rm',
    args: [required('id', 'of the row, as `dispatcher show` has it')],
    options: [RELOAD],
    doc: 'Remove a destination.',
    examples: ['dispatcher rm 4'],
    run: removeRows(destinations, (_, args) => where(int('id', whole(args, 'id')))),
  },
  {
    name: 'dispatcher memory',
    args: [
      required('action', 'add or rm', ['add', 'rm']),
      set,
      destination,
      optional('flags', '0 when not given'),
    ],
    doc: 'Add or remove a destination in the memory of nodes alone, until they reload.',
    examples: [
      'dispatcher memory add 1 sip:192.0.2.9:5060',
      'dispatcher memory rm 1 sip:192.0.2.9',
    ],
    run: (io, fleet, args) => {
      const to = [whole(args, 'set'), args.word('destination')]
      if (args.word('action') === 'rm')
        return callRun('dispatcher.remove', () => to)(io, fleet, args)
      return callRun('dispatcher.add', () => [...to, whole(args, 'flags', 0)])(io, fleet, args)
    },
  },
  {
    name: 'dispatcher reload',
    args: [],
    doc: 'Have nodes read the table again.',
    examples: ['dispatcher reload'],
    run: callRun('dispatcher.reload'),
  },
]
