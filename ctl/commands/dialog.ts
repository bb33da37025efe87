/** `dialog`: calls that are under way. */
import type { Fleet } from '../../rpc/fleet/fleet.ts'
import { type Args, type Command, optional, required } from '../command.ts'
import { confirm } from '../confirm.ts'
import { whole } from '../database/session.ts'
import { type TableSpec, callRun, showRows } from '../database/table-commands.ts'
import type { Io } from '../io.ts'
import { type Report, column, itemsOf } from '../report.ts'
import { callAll } from './rpc.ts'

const dialogs: TableSpec = { kind: 'Dialog', table: ['DIALOG_TABLE', 'dialog'] }

const COLUMNS = [
  column('dialog', 'dialog'),
  column('state', 'state'),
  column('from', 'from'),
  column('to', 'to'),
  column('call-id', 'callid'),
  column('answered', 'answered', {
    show: at => (at === 0 ? '-' : new Date(Number(at) * 1000).toISOString().slice(0, 19)),
  }),
]
const STATES = ['', 'starting', 'ringing', 'answered', 'talking', 'ended']

/** A line for each call. */
async function list(_io: Io, fleet: Fleet): Promise<Report> {
  const answers = await fleet.ask('dlg.briefing', 'ftcSs')
  const items = itemsOf(answers, rows =>
    rows.map(row => ({
      dialog: `${row.h_entry}:${row.h_id}`,
      state: STATES[row.state ?? 0] ?? String(row.state),
      from: row.from_uri,
      to: row.to_uri,
      callid: row['call-id'],
      answered: row.start_ts ?? 0,
    })),
  )
  return { kind: 'Dialog', columns: COLUMNS, items, answers, name: 'callid' }
}

/** Ends calls, after a question where the node is production. */
const ending =
  (method: string, params: (args: Args) => readonly unknown[]): Command['run'] =>
  async (io, fleet, args) => {
    const words = params(args)
    const refusal = await confirm(io, fleet, args, `end the call ${words.join(' ')}`)
    return refusal ?? callAll(fleet, method, words)
  }

const callId = required('callid', 'Call-ID of the call')
const profile = required('profile', 'name of a profile')
const value = optional('value', 'a value, of a profile that has them')

/** A value that was not given is no value: '' would be one. */
const ofProfile = (args: Args): string[] =>
  [args.word('profile'), args.word('value')].filter(word => word !== '')

const shown: readonly Command[] = [
  {
    name: 'dialog show',
    args: [],
    doc: 'Show the dialogs that nodes have in memory.',
    examples: ['dialog show'],
    run: callRun('dlg.list'),
  },
  {
    name: 'dialog brief',
    args: [],
    doc: 'Show them as a table, a line for each call.',
    examples: ['dialog brief', 'dialog brief -o json'],
    run: list,
  },
  {
    name: 'dialog match',
    args: [
      required('key', 'what is compared', ['ruri', 'furi', 'turi', 'callid', 'start_ts']),
      required('operator', 'how: equal, expression, start, later, earlier', [
        'eq',
        're',
        'sw',
        'gt',
        'lt',
      ]),
      required('value', 'a text, an expression, or seconds since 1970'),
      optional('limit', 'the first so many of each node'),
    ],
    doc: 'Show those that fit.',
    examples: ['dialog match furi sw sip:alice@', 'dialog match callid eq 1234@host'],
    run: callRun('dlg.list_match', args => [
      ...['key', 'operator', 'value'].map(name => args.word(name)),
      ...(args.word('limit') === '' ? [] : [whole(args, 'limit')]),
    ]),
  },
  {
    name: 'dialog showdb',
    args: [],
    doc: 'Show the dialogs in the database.',
    examples: ['dialog showdb'],
    run: showRows(dialogs),
  },
  {
    name: 'dialog stats_active',
    args: [],
    doc: 'Show how many calls are in which state.',
    examples: ['dialog stats_active'],
    run: callRun('dlg.stats_active'),
  },
  {
    name: 'dialog profile_list',
    args: [profile, value],
    doc: 'Show the calls that are in a profile.',
    examples: ['dialog profile_list inbound', 'dialog profile_list caller alice'],
    run: callRun('dlg.profile_list', ofProfile),
  },
  {
    name: 'dialog profile_size',
    args: [profile, value],
    doc: 'Show how many calls are in a profile.',
    examples: ['dialog profile_size caller alice'],
    run: callRun('dlg.profile_get_size', ofProfile),
  },
]

export const dialogCommands: readonly Command[] = [
  ...shown,
  {
    name: 'dialog terminate',
    args: [
      callId,
      required('fromtag', 'tag of the caller'),
      required('totag', 'tag of the callee'),
    ],
    doc: 'End a call: BYE to both sides.',
    examples: ['dialog terminate 1234@host a1 b2'],
    run: ending('dlg.terminate_dlg', args =>
      ['callid', 'fromtag', 'totag'].map(name => args.word(name)),
    ),
  },
  {
    name: 'dialog end',
    args: [
      required('h_entry', 'the first number of its name in `dialog brief`'),
      required('h_id', 'the second one'),
    ],
    doc: 'The same, of a call by its name on one node.',
    examples: ['dialog end 3943 8247'],
    run: ending('dlg.end_dlg', args => [whole(args, 'h_entry'), whole(args, 'h_id')]),
  },
]
