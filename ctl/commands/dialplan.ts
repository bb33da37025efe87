/** `dialplan`: the rules that translate numbers. */
import { type Args, type Command, optional, required } from '../command.ts'
import { int, text, where, whole } from '../database/session.ts'
import {
  RELOAD,
  type TableSpec,
  addRow,
  callRun,
  removeRows,
  showRows,
} from '../database/table-commands.ts'
import { UsageError } from '../exit.ts'

const rules: TableSpec = {
  kind: 'Rule',
  table: ['DIALPLAN_TABLE', 'dialplan'],
  reload: ['dialplan.reload', 'dialplan reload'],
}

const OPERATORS = ['equal', 'regexp', 'fnmatch']

function operator(args: Args): number {
  const found = OPERATORS.indexOf(args.word('operator'))
  if (found >= 0) return found
  throw new UsageError(
    `unexpected ${args.word('operator')} for operating matching: use ${OPERATORS.join(', ')}`,
  )
}

const plan = required('dpid', 'the number of the plan')
const priority = required('priority', 'the order within the plan')

export const dialplanCommands: readonly Command[] = [
  {
    name: 'dialplan show',
    args: [optional('dpid', 'only this plan')],
    doc: 'Show the rules in the database.',
    examples: ['dialplan show', 'dialplan show 1'],
    run: showRows(
      rules,
      (_, args) => (args.has('dpid') ? where(int('dpid', whole(args, 'dpid'))) : []),
      'dpid, pr',
    ),
  },
  {
    name: 'dialplan addrule',
    args: [
      plan,
      priority,
      required('operator', OPERATORS.join(', '), OPERATORS),
      required('match', 'what the number is compared with'),
      optional('length', 'of the number; any when not given'),
      optional('subst', 'regular expression for what is replaced'),
      optional('repl', 'what takes its place'),
      optional('attrs', 'a text for the config'),
    ],
    options: [RELOAD],
    doc: 'Add a rule.',
    examples: ["dialplan addrule 1 10 regexp '^00' 0 '^00(.*)$' '+\\1'"],
    run: addRow(rules, (_, args) => [
      int('dpid', whole(args, 'dpid')),
      int('pr', whole(args, 'priority')),
      int('match_op', operator(args)),
      text('match_exp', args.word('match')),
      int('match_len', whole(args, 'length', 0)),
      text('subst_exp', args.word('subst')),
      text('repl_exp', args.word('repl')),
      text('attrs', args.word('attrs')),
    ]),
  },
  {
    name: 'dialplan rm',
    args: [],
    options: [RELOAD],
    doc: 'Remove all rules.',
    examples: ['dialplan rm'],
    run: removeRows(rules, () => []),
  },
  {
    name: 'dialplan rmdpid',
    args: [plan],
    options: [RELOAD],
    doc: 'Remove the rules of a plan.',
    examples: ['dialplan rmdpid 1'],
    run: removeRows(rules, (_, args) => where(int('dpid', whole(args, 'dpid')))),
  },
  {
    name: 'dialplan rmrule',
    args: [plan, priority],
    options: [RELOAD],
    doc: 'Remove the rules of a plan that have this priority.',
    examples: ['dialplan rmrule 1 10'],
    run: removeRows(rules, (_, args) =>
      where(int('dpid', whole(args, 'dpid')), int('pr', whole(args, 'priority'))),
    ),
  },
  {
    name: 'dialplan dump',
    args: [plan],
    doc: 'Show the rules of a plan that nodes have in memory.',
    examples: ['dialplan dump 1'],
    run: callRun('dialplan.dump', args => [whole(args, 'dpid')]),
  },
  {
    name: 'dialplan reload',
    args: [],
    doc: 'Have nodes read the rules again.',
    examples: ['dialplan reload'],
    run: callRun('dialplan.reload'),
  },
]
