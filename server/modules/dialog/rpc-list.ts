/** The `dlg.*` commands that show dialogs: all, some, or in a file. */
import { open } from 'node:fs/promises'
import type { dlg } from '../../../rpc/contract/dlg.ts'
import { Fault } from '../../../rpc/faults.ts'
import type { ResultOf } from '../../../rpc/schema.ts'
import { IGNORE_CASE, LINES, regexFor } from '../../core/regex.ts'
import { CALLER } from './api.ts'
import { collectAll } from './collect.ts'
import type { Dialogs } from './dialog.ts'
import type { Dialog } from './dialog-record.ts'
import { COLUMNS, type DialogRow, lineOf, rowOf, type Summary, summaryOf } from './rpc-row.ts'

type Rows = DialogRow[] | Promise<DialogRow[]>
type Page = ResultOf<(typeof dlg)['ohana.dialogs']>
type Test = (dialog: Dialog) => boolean

const PAGE = 100
const LARGEST_PAGE = 1000
/** Lines that are written to a file at once. */
const LINES_AT_ONCE = 500

export const all = (self: Dialogs): Rows => collectAll(self, dialog => rowOf(self, dialog))

export const briefing = (self: Dialogs, columns = COLUMNS): Summary[] | Promise<Summary[]> =>
  collectAll(self, dialog => summaryOf(dialog, columns))

/** The first one with this Call-ID, and, if it is given, this tag of the caller. */
export function ofCall(self: Dialogs, callId: string, fromTag?: string): DialogRow[] {
  const found = self.table
    .ofCall(callId)
    .find(({ legs }) => fromTag === undefined || legs[CALLER].tag === fromTag)
  return found === undefined ? [] : [rowOf(self, found)]
}

const TEXTS: Readonly<Record<string, (dialog: Dialog) => string>> = {
  ruri: dialog => dialog.requestUri,
  furi: dialog => dialog.fromUri,
  turi: dialog => dialog.toUri,
  callid: dialog => dialog.callId,
}

const OPERATORS = ['eq', 're', 'sw', 'gt', 'lt']

export function matching(
  self: Dialogs,
  key: string,
  operator: string,
  value: string,
  limit = 0,
): Rows {
  if (key === '' || operator === '' || value === '') throw new Fault(500, 'Invalid parameters')
  const fits = testOf(key, operator, value)
  const visit = (dialog: Dialog): DialogRow | null => (fits(dialog) ? rowOf(self, dialog) : null)
  const rows = collectAll(self, visit, limit)
  return rows instanceof Promise ? rows.then(someOf) : someOf(rows)
}

function someOf(rows: DialogRow[]): DialogRow[] {
  if (rows.length === 0) throw new Fault(404, 'Not found')
  return rows
}

function testOf(key: string, operator: string, value: string): Test {
  const text = TEXTS[key]
  if (text === undefined && key !== 'start_ts')
    throw new Fault(500, 'Invalid matching key parameter')
  const regex = operator === 're' ? regexFor(value, IGNORE_CASE | LINES) : null
  if (operator === 're' && regex === null) throw new Fault(500, 'Invalid matching value parameter')
  if (!OPERATORS.includes(operator)) throw new Fault(500, 'Invalid matching operator parameter')
  if (text === undefined) return timeTest(operator, value)
  if (regex !== null) return dialog => regex.test(text(dialog))
  if (operator === 'eq') return dialog => text(dialog) === value
  if (operator === 'sw') return dialog => text(dialog).startsWith(value)
  throw new Fault(500, 'Matching operator not supported')
}

/** By the time of the answer; what is no number matches none. */
function timeTest(operator: string, value: string): Test {
  const time = Number(value)
  if (operator === 'gt') return dialog => dialog.startTime > time
  if (operator === 'lt') return dialog => dialog.startTime < time
  throw new Fault(500, 'Matching operator not supported with start_ts key')
}

/** A page of dialogs; `after` is `slot:number` of the last one of the page before. */
export function page(self: Dialogs, after = '', count = PAGE): Page | Promise<Page> {
  const [slot = 0, number = 0] = after.split(':').map(Number)
  const most = Math.max(1, Math.min(count, LARGEST_PAGE))
  const behind = (dialog: Dialog): Dialog | null =>
    dialog.entry > slot || (dialog.entry === slot && dialog.id > number) ? dialog : null
  const found = collectAll(self, behind, 0, slot)
  return found instanceof Promise
    ? found.then(dialogs => pageOf(self, dialogs, most))
    : pageOf(self, found, most)
}

function pageOf(self: Dialogs, found: Dialog[], most: number): Page {
  const shown = found.sort(byName).slice(0, most)
  const last = shown.at(-1)
  return {
    Dialogs: shown.map(dialog => rowOf(self, dialog)),
    Next: last === undefined || found.length <= most ? '' : `${last.entry}:${last.id}`,
  }
}

/** Numbers of a slot begin anew at some time, so that the order of the table is another one. */
const byName = (a: Dialog, b: Dialog): number => a.entry - b.entry || a.id - b.id

/** A line of JSON for each. */
export async function dump(self: Dialogs, path: string): Promise<void> {
  try {
    // The name as the caller wrote it, byte by byte.
    const file = await open(Buffer.from(path, 'latin1'), 'w')
    try {
      const lines = await collectAll(self, dialog => lineOf(self, dialog))
      for (let at = 0; at < lines.length; at += LINES_AT_ONCE)
        await file.write(lines.slice(at, at + LINES_AT_ONCE).join(''), null, 'latin1')
    } finally {
      await file.close()
    }
  } catch (error) {
    self.error(`failed to open output file: ${path} (${(error as Error).message})`)
    throw new Fault(500, 'failed to open output file')
  }
}
