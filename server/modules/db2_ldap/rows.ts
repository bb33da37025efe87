/** Rows of entries: one for each combination of the values of their attributes. */
import type { Entry } from 'ldapts'
import { DbError, type DbRow, type DbValue } from '../../core/db/api.ts'
import { rowTest } from '../../core/db/row-match.ts'
import { fromBytes, toByteString } from '../../core/db/text.ts'
import type { LdapField } from './fields.ts'
import type { SearchPlan } from './search.ts'
import { readValue, TYPE_OF } from './values.ts'

/** Rows that one entry may be. */
const MOST_ROWS = 10_000

export type RowsOf = (entry: Entry) => DbRow[]

/** Rows have the columns of `plan.fields` that are kept. */
export function rowsOf(plan: SearchPlan): RowsOf {
  const { fields, kept, judged } = plan
  const columns = fields.map(({ column, syntax }) => ({ name: column, type: TYPE_OF[syntax] }))
  const test = rowTest(columns, plan.where)
  const twice = fields.length > kept
  return entry => {
    const texts = textsByName(entry)
    const values = fields.map((field, at) => {
      const all = texts.get(field.attribute.toLowerCase()) ?? []
      const wanted = judged.get(at)
      const these = wanted === undefined ? all : equalOnes(all, wanted)
      return these.length === 0 ? [null] : these.map(text => valueOf(field, text, entry.dn))
    })
    const found = combinations(values, entry.dn).filter(test)
    return twice ? distinct(found.map(row => row.slice(0, kept))) : found
  }
}

/** Values of an entry as byte strings, by names in small letters. */
function textsByName(entry: Entry): Map<string, string[]> {
  const texts = new Map<string, string[]>()
  for (const [name, value] of Object.entries(entry)) {
    const all: (string | Buffer)[] = [value].flat()
    const bytes = all.map(one => (typeof one === 'string' ? toByteString(one) : fromBytes(one)))
    texts.set(name.toLowerCase(), bytes)
  }
  return texts
}

/**
 * Of an attribute that the server has found to be equal: a single value is what it was about. Of
 * several, it is those that are the same, or the same but for case and blanks.
 */
function equalOnes(all: readonly string[], wanted: string): readonly string[] {
  if (all.length < 2) return all
  const same = all.filter(text => text === wanted)
  if (same.length > 0) return same
  const folded = fold(wanted)
  return all.filter(text => fold(text) === folded)
}

const fold = (text: string): string => text.trim().replace(/ +/g, ' ').toLowerCase()

function valueOf({ column, attribute, syntax }: LdapField, text: string, dn: string): DbValue {
  const value = readValue(syntax, text)
  if (value !== undefined) return value
  throw new DbError(
    'statement',
    `entry "${dn}": ${attribute} "${text}" is no ${syntax} (column ${column})`,
  )
}

/** The first column changes first, as in Kamailio. */
function combinations(values: readonly (readonly DbValue[])[], dn: string): DbRow[] {
  const count = values.reduce((product, { length }) => product * length, 1)
  if (count > MOST_ROWS)
    throw new DbError('statement', `entry "${dn}" would be ${count} rows, one for each combination`)
  return Array.from({ length: count }, (_, number) => {
    let rest = number
    return values.map(some => {
      const value = some[rest % some.length]!
      rest = Math.floor(rest / some.length)
      return value
    })
  })
}

function distinct(rows: readonly DbRow[]): DbRow[] {
  if (rows.length < 2) return [...rows]
  return [...new Map(rows.map(row => [row.map(String).join('\0'), row])).values()]
}
