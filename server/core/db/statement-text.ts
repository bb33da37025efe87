/**
 * Statements as the log shows them: what is asked of which table, with marks in place of values,
 * because those may be passwords.
 */
import type { DbCell, DbSelect, DbTerm } from './api.ts'

/** Makes the text of a statement, when somebody wants it. */
export type StatementText = () => string

const term = ({ column, op }: DbTerm, n: number): string => `${column}${op}?${n}`

/** Marks count on from those before. */
function where(terms: readonly DbTerm[], before = 0): string {
  const texts = terms.map((one, i) => term(one, before + i + 1))
  return texts.length === 0 ? '' : ` where ${texts.join(' AND ')}`
}

export function selectText({ table, columns, where: terms, order }: DbSelect): string {
  const what = columns.length === 0 ? '*' : columns.join(',')
  const sorted = order === undefined || order === '' ? '' : ` order by ${order}`
  return `select ${what} from ${table}${where(terms)}${sorted}`
}

export function insertText(table: string, row: readonly DbCell[], verb = 'insert'): string {
  const marks = row.map((_, i) => `?${i + 1}`).join(',')
  return `${verb} into ${table} (${row.map(({ column }) => column).join(',')}) values (${marks})`
}

export function updateText(
  table: string,
  terms: readonly DbTerm[],
  changes: readonly DbCell[],
): string {
  const set = changes.map(({ column }, i) => `${column}=?${i + 1}`).join(',')
  return `update ${table} set ${set}${where(terms, changes.length)}`
}

export const deleteText = (table: string, terms: readonly DbTerm[]): string =>
  `delete from ${table}${where(terms)}`
