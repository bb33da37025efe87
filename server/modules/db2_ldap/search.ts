/** A query of the database port as a search: which entries, which attributes. */
import { AndFilter, EqualityFilter, type Filter, PresenceFilter } from 'ldapts'
import { DbError, type DbSelect, type DbTerm } from '../../core/db/api.ts'
import { orderOf, valueOfType } from '../../core/db/row-match.ts'
import { toBytes } from '../../core/db/text.ts'
import { type LdapField, unmappedField } from './fields.ts'
import type { LdapTable } from './map.ts'
import { printValue, TYPE_OF } from './values.ts'

export interface SearchPlan {
  readonly table: LdapTable
  readonly filter: Filter
  /** Those of the result, then more that an order needs, then more that comparisons need. */
  readonly fields: readonly LdapField[]
  /** Where the columns of the result stand in `fields`. */
  readonly shown: readonly number[]
  /** How many of `fields` a row keeps once it is compared. */
  readonly kept: number
  /** Of `fields`: what the server has found to be equal, and to what. */
  readonly judged: ReadonlyMap<number, string>
  /** What is left to compare here. */
  readonly where: readonly DbTerm[]
}

export function planOf(table: LdapTable, select: DbSelect): SearchPlan {
  const { columns, where, order = '' } = select
  const fields: LdapField[] = columns.length === 0 ? [...table.fields] : []
  const add = (name: string): number => {
    const at = fields.findIndex(({ column }) => column === name)
    return at < 0 ? fields.push(fieldOf(table, name)) - 1 : at
  }
  const shown = columns.length === 0 ? [...fields.keys()] : columns.map(add)
  if (order !== '') for (const { column } of orderOf(order)) add(column)
  const kept = fields.length
  const filters: Filter[] = table.filter === null ? [] : [table.filter]
  const judged = new Map<number, string>()
  const left: DbTerm[] = []
  for (const term of where) {
    const at = add(term.column)
    const { filter, value } = conditionOf(table, fields[at]!, term)
    if (filter !== null) filters.push(filter)
    // A second one of the same column is compared here.
    if (value === null || judged.has(at)) left.push(term)
    else judged.set(at, value)
  }
  return { table, filter: both(filters), shown, fields, kept, judged, where: left }
}

function fieldOf(table: LdapTable, name: string): LdapField {
  const mapped = table.fields.find(({ column }) => column === name)
  const field = mapped ?? unmappedField(table.name, name)
  if (field === null) throw new DbError('statement', `column <${name}> not found`)
  return field
}

function both(filters: readonly Filter[]): Filter {
  if (filters.length > 1) return new AndFilter({ filters: [...filters] })
  return filters[0] ?? new PresenceFilter({ attribute: 'objectClass' })
}

interface Condition {
  /** Holds for all entries that may have such a row, null when it is not the server's to say. */
  readonly filter: Filter | null
  /** What the server compares with; null when it only leaves out what has no value. */
  readonly value: string | null
}

/**
 * A server is asked for what is equal. Whether it can order an attribute depends on its schema, and
 * one that cannot says so by finding nothing; and what is not equal, of an attribute with several
 * values, is another thing there.
 */
function conditionOf(
  table: LdapTable,
  { column, attribute, syntax }: LdapField,
  { op, value }: DbTerm,
): Condition {
  const here: Condition = { filter: null, value: null }
  if (table.clientSide.has(column)) return here
  // Without a value is also what the server's schema does not know, and of which it finds nothing.
  if (value === null && op === '=') return here
  const typed = valueOfType(TYPE_OF[syntax], value)
  const wanted = op === '=' && typed !== null ? printValue(syntax, typed) : null
  if (wanted === null) return { filter: new PresenceFilter({ attribute }), value: null }
  // As bytes: there is nothing to escape (RFC 4515 is about filters that are texts).
  return { filter: new EqualityFilter({ attribute, value: toBytes(wanted) }), value: wanted }
}
