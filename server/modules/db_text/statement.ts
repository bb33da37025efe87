/** The little SQL that db_text understands: for sqlops and db_text.query. */
import {
  type DbCell,
  DbError,
  type DbOperator,
  type DbTerm,
  type DbType,
  type DbValue,
} from '../../core/db/api.ts'

export type Statement =
  | {
      readonly verb: 'select'
      readonly table: string
      readonly columns: readonly string[]
      readonly where: readonly DbTerm[]
      readonly order: string
    }
  | { readonly verb: 'insert'; readonly table: string; readonly cells: readonly DbCell[] }
  | {
      readonly verb: 'update'
      readonly table: string
      readonly cells: readonly DbCell[]
      readonly where: readonly DbTerm[]
    }
  | { readonly verb: 'delete'; readonly table: string; readonly where: readonly DbTerm[] }

/** A text in quotes, a sign, a word. */
const TOKEN =
  /\s*(?:"((?:[^"\\]|\\.)*)"|'((?:[^']|'')*)'|(<=|>=|<>|!=|[=<>&(),;])|([^\s=<>!&(),;"']+))/y

interface Token {
  readonly text: string
  readonly quoted: boolean
}

export function readStatement(text: string): Statement {
  return new Reader(text).statement()
}

const OPERATORS: Readonly<Record<string, DbOperator>> = {
  '=': '=',
  '<': '<',
  '>': '>',
  '<=': '<=',
  '>=': '>=',
  '<>': '!=',
  '!=': '!=',
  '&': '&',
}

class Reader {
  private readonly text: string
  private readonly tokens: Token[] = []
  private at = 0

  constructor(text: string) {
    this.text = text
    TOKEN.lastIndex = 0
    const end = text.trimEnd().length
    while (TOKEN.lastIndex < end) {
      const found = TOKEN.exec(text)
      if (found === null) throw this.wrong()
      const [, double, single, sign, word] = found
      if (double !== undefined) this.add(double.replace(/\\(.)/gs, '$1'), true)
      else if (single !== undefined) this.add(single.replaceAll("''", "'"), true)
      else this.add((sign ?? word)!, false)
    }
  }

  statement(): Statement {
    const verb = this.word().toLowerCase()
    const read = this.verb(verb)
    this.accept(';')
    if (this.at < this.tokens.length) throw this.wrong()
    return read
  }

  private verb(verb: string): Statement {
    if (verb === 'select') return this.select()
    if (verb === 'insert') return this.insert()
    if (verb === 'update') {
      const table = this.word()
      this.expect('set')
      const cells = this.list(() => this.assignment())
      const where = this.where()
      // All rows of a table are never meant.
      if (where.length === 0) throw this.wrong('specify where clause to determine keys')
      return { verb, table, cells, where }
    }
    if (verb !== 'delete') throw this.wrong()
    this.expect('from')
    return { verb, table: this.word(), where: this.where() }
  }

  private select(): Statement {
    const names = this.list(() => this.word())
    this.expect('from')
    const table = this.word()
    const where = this.where()
    let order = ''
    if (this.accept('order')) {
      this.expect('by')
      order = this.list(() => this.orderPart()).join(',')
    }
    const columns = names.length === 1 && names[0] === '*' ? [] : names
    return { verb: 'select', table, columns, where, order }
  }

  private orderPart(): string {
    const name = this.word()
    if (this.accept('desc')) return `${name} desc`
    this.accept('asc')
    return name
  }

  private insert(): Statement {
    this.expect('into')
    const table = this.word()
    this.expect('(')
    const names = this.list(() => this.word())
    this.expect(')')
    this.expect('values')
    this.expect('(')
    const values = this.list(() => this.value())
    this.expect(')')
    if (names.length !== values.length) throw this.wrong()
    return { verb: 'insert', table, cells: names.map((name, at) => cellOf(name, values[at]!)) }
  }

  private assignment(): DbCell {
    const name = this.word()
    this.expect('=')
    return cellOf(name, this.value())
  }

  private where(): DbTerm[] {
    if (!this.accept('where')) return []
    const terms = [this.term()]
    while (this.accept('and')) terms.push(this.term())
    return terms
  }

  private term(): DbTerm {
    const name = this.word()
    if (this.accept('is')) {
      const op = this.accept('not') ? '!=' : '='
      this.expect('null')
      return { ...cellOf(name, null), op }
    }
    const op = OPERATORS[this.word()]
    if (op === undefined) throw this.wrong()
    return { ...cellOf(name, this.value()), op }
  }

  private value(): DbValue {
    const { text, quoted } = this.next()
    if (quoted) return text
    if (text.toLowerCase() === 'null') return null
    const number = Number(text)
    // Without quotes it is a text, too, as in Kamailio.
    return Number.isFinite(number) ? number : text
  }

  private list<T>(read: () => T): T[] {
    const all = [read()]
    while (this.accept(',')) all.push(read())
    return all
  }

  private word(): string {
    return this.next().text
  }

  private next(): Token {
    const token = this.tokens[this.at++]
    if (token === undefined) throw this.wrong()
    return token
  }

  private accept(word: string): boolean {
    const token = this.tokens[this.at]
    if (token === undefined || token.quoted || token.text.toLowerCase() !== word) return false
    this.at++
    return true
  }

  private expect(word: string): void {
    if (!this.accept(word)) throw this.wrong()
  }

  private add(text: string, quoted: boolean): void {
    this.tokens.push({ text, quoted })
  }

  private wrong(why = `not understood: ${this.text}`): DbError {
    return new DbError('statement', why)
  }
}

function cellOf(column: string, value: DbValue): DbCell {
  const type: DbType = typeof value === 'number' ? 'double' : 'string'
  return { column, type, value }
}
