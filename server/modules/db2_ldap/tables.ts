/** The tables of a directory by their names, and their versions. */
import { DbError, type DbResult, type DbSelect } from '../../core/db/api.ts'
import { declaredTable } from './fields.ts'
import type { LdapMap, LdapTable } from './map.ts'

interface Version {
  readonly of: LdapTable
  readonly answer: DbResult
}

export class Tables {
  private readonly map: LdapMap
  /** Its name, which the config may change. */
  private readonly versions: () => string

  constructor(map: LdapMap, versions: () => string) {
    this.map = map
    this.versions = versions
  }

  named(name: string): LdapTable {
    const found = this.map.tables.get(name)
    if (found !== undefined) return found
    throw new DbError(
      'statement',
      `Cannot find configuration for '${name}', giving up: no [table:${name}] in ${this.map.path}`,
    )
  }

  /**
   * What a table of versions would say, where none is mapped: the map makes a table what it is, and
   * it is made for the table of Kamailio that has this name. Null for any other query.
   */
  versionOf({ table, columns, where }: DbSelect): Version | null {
    if (table !== this.versions() || this.map.tables.has(table)) return null
    const [name, ...more] = where
    const [column, ...others] = columns
    const asked = name?.column === 'table_name' && name.op === '=' && column === 'table_version'
    if (!asked || more.length + others.length > 0) return null
    const wanted = this.named(String(name.value))
    const version = wanted.version ?? declaredTable(wanted.name)?.version
    if (version === undefined)
      throw new DbError(
        'statement',
        `Kamailio has no table ${wanted.name}: which version it has must say "version = number" ` +
          `in [table:${wanted.name}] of ${this.map.path}`,
      )
    return { of: wanted, answer: { columns: [{ name: column, type: 'int' }], rows: [[version]] } }
  }

  checkSize({ name, sizeLimit }: LdapTable, count: number): void {
    if (sizeLimit === 0 || count <= sizeLimit) return
    throw new DbError('statement', `table ${name}: more entries than its sizelimit of ${sizeLimit}`)
  }
}
