/** Which attribute is a column of a table. */
import { type SqlType, type TableDeclaration } from '../../core/db/table.ts'
import { TABLES_OF } from '../../core/db/tables/index.ts'
import { type Setting, wrongAt } from './sections.ts'
import { type Syntax, TYPE_OF } from './values.ts'

export interface LdapField {
  readonly column: string
  readonly attribute: string
  readonly syntax: Syntax
}

/** RFC 4512, 2.5: a name or an object identifier, and options. */
const ATTRIBUTE = /^(?:[A-Za-z][A-Za-z0-9-]*|\d+(?:\.\d+)+)(?:;[A-Za-z0-9-]+)*$/
const SAMPLE = 'field_map = column : (Integer) attribute'

const DECLARED: ReadonlyMap<string, TableDeclaration> = new Map(
  Object.values(TABLES_OF)
    .flat()
    .map(table => [table.name, table]),
)

/** Kamailio's table of this name. */
export const declaredTable = (name: string): TableDeclaration | undefined => DECLARED.get(name)

/** Throws BadValue. */
export function readFields(table: string, maps: readonly Setting[], path: string): LdapField[] {
  const fields: LdapField[] = []
  for (const { value, line } of maps) {
    const wrong = (why: string): Error => wrongAt(path, line, why, SAMPLE)
    const colon = value.indexOf(':')
    const column = (colon < 0 ? value : value.slice(0, colon)).trim()
    if (column === '') throw wrong('Database field name expected')
    if (!/^\w+$/.test(column)) throw wrong(`Invalid field name format '${column}'`)
    if (colon < 0) throw wrong("Delimiter ':' missing")
    if (fields.some(field => field.column === column)) throw wrong(`${column} is mapped already`)
    const { syntax, attribute } = readAttribute(value.slice(colon + 1).trim(), wrong)
    fields.push({ column, attribute, syntax: syntax ?? usualSyntax(table, column) })
  }
  return fields
}

function readAttribute(text: string, wrong: (why: string) => Error) {
  const [, syntax, attribute = ''] = /^(?:\(([^)]*)\))?\s*(.*)$/.exec(text) ?? []
  if (text === '') throw wrong('LDAP Attribute syntax or name expected')
  if (text.startsWith('(') && syntax === undefined)
    throw wrong("Closing ')' missing in attribute syntax")
  if (attribute === '') throw wrong('LDAP Attribute name expected')
  if (!ATTRIBUTE.test(attribute)) throw wrong(`Invalid LDAP attribute name format '${attribute}'`)
  return { syntax: syntax === undefined ? null : readSyntax(syntax.trim(), wrong), attribute }
}

function readSyntax(name: string, wrong: (why: string) => Error): Syntax {
  const names = Object.keys(TYPE_OF) as Syntax[]
  const found = names.find(one => one.toLowerCase() === name.toLowerCase())
  if (found === undefined)
    throw wrong(`Invalid syntax value '${name}': it is one of ${names.join(', ')}`)
  return found
}

/** That of the column of Kamailio's table of this name; a String where there is none. */
function usualSyntax(table: string, column: string): Syntax {
  const type = declaredTable(table)?.columns[column]?.type
  return type === undefined ? 'String' : syntaxOf(type)
}

function syntaxOf(type: SqlType): Syntax {
  if (/int$/.test(type) || type === 'serial') return 'Integer'
  if (type === 'float') return 'Float'
  if (type === 'datetime') return 'GeneralizedTime'
  return /blob$/.test(type) ? 'Binary' : 'String'
}

/** A column that is not mapped is the attribute of its name; null when that cannot be one. */
export function unmappedField(table: string, column: string): LdapField | null {
  if (!/^\w+$/.test(column)) return null
  return { column, attribute: column, syntax: usualSyntax(table, column) }
}
