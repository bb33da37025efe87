/** Statements as SQL, in the dialects of the databases. */
import { type DbCell, DbError, type DbSelect, type DbTerm, type DbValue } from './api.ts'

/** What differs between databases. */
export interface Dialect {
  /** Around a name. */
  readonly quote: (name: string) => string
  /** The nth value of a statement, from 1. */
  readonly mark: (n: number) => string
  /** A value as the client library wants it. */
  readonly bind: (cell: DbCell) => unknown
}

export interface Sql {
  readonly text: string
  readonly values: unknown[]
}

/** More come from statements that scripts put together. */
const MOST_NAMES = 5000

const OPERATORS = new Set(['=', '<', '>', '<=', '>=', '!='])

export class SqlBuilder {
  private readonly dialect: Dialect
  /** Names with their quotes: those of tables and columns, a few hundred at most. */
  private readonly quoted = new Map<string, string>()

  constructor(dialect: Dialect) {
    this.dialect = dialect
  }

  /** `table`, `schema.table`. */
  name(name: string): string {
    const known = this.quoted.get(name)
    if (known !== undefined) return known
    const quoted = name === '*' ? name : name.split('.').map(this.dialect.quote).join('.')
    if (this.quoted.size < MOST_NAMES) this.quoted.set(name, quoted)
    return quoted
  }

  names(names: readonly string[]): string {
    return names.map(name => this.name(name)).join(',')
  }

  /** `tail`: LIMIT and what else follows. */
  select({ table, columns, where, order }: DbSelect, tail = ''): Sql {
    const values: unknown[] = []
    const what = columns.length === 0 ? '*' : this.names(columns)
    const which = this.where(where, values)
    const sorted = order === undefined || order === '' ? '' : ` ORDER BY ${this.order(order)}`
    return { text: `SELECT ${what} FROM ${this.name(table)}${which}${sorted}${tail}`, values }
  }

  insert(table: string, row: readonly DbCell[], verb = 'INSERT', tail = ''): Sql {
    const values: unknown[] = []
    const marks = row.map(cell => this.mark(cell, values)).join(',')
    const names = this.names(row.map(cell => cell.column))
    return { text: `${verb} INTO ${this.name(table)} (${names}) VALUES (${marks})${tail}`, values }
  }

  update(table: string, where: readonly DbTerm[], changes: readonly DbCell[]): Sql {
    const values: unknown[] = []
    const set = changes.map(one => `${this.name(one.column)}=${this.mark(one, values)}`).join(',')
    const which = this.where(where, values)
    return { text: `UPDATE ${this.name(table)} SET ${set}${which}`, values }
  }

  delete(table: string, where: readonly DbTerm[]): Sql {
    const values: unknown[] = []
    const which = this.where(where, values)
    return { text: `DELETE FROM ${this.name(table)}${which}`, values }
  }

  /** `priority DESC, id`: names with their directions. */
  order(order: string): string {
    return order
      .split(',')
      .map(part => {
        const [, name, direction = ''] = /^\s*(\S+?)(?:\s+(asc|desc))?\s*$/i.exec(part) ?? []
        if (name === undefined) throw new DbError('statement', `no order: ${order}`)
        return direction === '' ? this.name(name) : `${this.name(name)} ${direction.toUpperCase()}`
      })
      .join(',')
  }

  private mark(cell: DbCell, values: unknown[]): string {
    values.push(this.dialect.bind(cell))
    return this.dialect.mark(values.length)
  }

  private where(terms: readonly DbTerm[], values: unknown[]): string {
    if (terms.length === 0) return ''
    return ` WHERE ${terms.map(term => this.term(term, values)).join(' AND ')}`
  }

  private term(term: DbTerm, values: unknown[]): string {
    const { op, value } = term
    const name = this.name(term.column)
    if (value === null) {
      if (op === '=') return `${name} IS NULL`
      if (op === '!=') return `${name} IS NOT NULL`
    }
    if (op === '&') return `(${name}&${this.mark(term, values)})<>0`
    if (!OPERATORS.has(op)) throw new DbError('statement', `no operator: ${String(op)}`)
    return `${name}${op === '!=' ? '<>' : op}${this.mark(term, values)}`
  }
}

/** A number as whole as its type says; texts are taken for numbers where the type is one. */
export function wholeNumber(value: DbValue): DbValue {
  if (typeof value !== 'string') return typeof value === 'number' ? Math.trunc(value) : value
  const number = Number(value)
  return Number.isFinite(number) ? Math.trunc(number) : value
}
