/** `stats`: the counters of every group. */
import type { Fleet } from '../../rpc/fleet/fleet.ts'
import { type Args, type Command, rest } from '../command.ts'
import { EXIT, UsageError } from '../exit.ts'
import type { Io } from '../io.ts'
import { type Report, column, itemsOf, rightColumn } from '../report.ts'

async function stats(_io: Io, fleet: Fleet, args: Args): Promise<Report> {
  const wanted = args.rest('group')
  if (args.flag('reset')) return reset(fleet, wanted)
  const answers = await fleet.ask('stats.get_statistics', ...asked(wanted))
  const items = itemsOf(answers, lines => lines.map(readLine))
  const found = items.length > 0 || answers.every(answer => !answer.ok)
  return {
    kind: 'Statistic',
    columns: [column('group', 'group'), column('name', 'name'), rightColumn('value', 'value')],
    items,
    answers,
    name: 'name',
    verdict: found ? EXIT.ok : EXIT.no,
    remarks: found ? [] : [`no statistic ${wanted.join(' ')}`],
  }
}

/** A group is asked with a colon, a statistic by its name; `core:` may be typed either way. */
function asked([first, ...more]: readonly string[]): [string, ...string[]] {
  return first === undefined ? ['all'] : [which(first), ...more.map(which)]
}

function which(word: string): string {
  const [, group = '', name = ''] = /^([\w-]+)[:.](.*)$/.exec(word) ?? []
  if (group !== '') return name === '' ? `${group}:` : name
  // Statistics have an underscore, or are a class of replies; all else is a group.
  return word === 'all' || /_|^\dxx/.test(word) ? word : `${word}:`
}

/** `group:name = value` */
function readLine(text: string): { group: string; name: string; value: number } {
  const [, group = '', name = text, value = '0'] = /^([^:]*):(.*) = (-?\d+)$/.exec(text) ?? []
  return { group, name, value: Number(value) }
}

async function reset(fleet: Fleet, wanted: readonly string[]): Promise<Report> {
  if (wanted.length === 0) throw new UsageError('--reset needs a group or a statistic')
  const answers = await fleet.ask('stats.clear_statistics', ...asked(wanted))
  const rows = (lines: readonly string[]) => lines.map(line => ({ result: line }))
  return {
    kind: 'Statistic',
    columns: [column('result', 'result')],
    items: itemsOf(answers, rows),
    answers,
    name: 'result',
  }
}

export const statsCommands: readonly Command[] = [
  {
    name: 'stats',
    args: [rest('group', 'group or statistic; all when not given', 'group')],
    options: [{ flags: '--reset', doc: 'set them to zero and show what they were' }],
    doc: 'Show statistics.',
    examples: ['stats', 'stats core', 'stats core sl', 'stats rcv_requests --sort-by value'],
    run: stats,
  },
]
