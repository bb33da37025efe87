/** `table=>name`, as $sht(...) and the functions take it: read once, asked for every message. */
import type { Formats } from '../../core/core.ts'
import { BadValue, type Format } from '../../core/module/index.ts'
import type { SipMessage } from '../../sip/message.ts'
import type { Htable } from './htable.ts'
import type { HashTable } from './table.ts'

export class TableKey {
  readonly tableName: string
  private readonly text: string
  private readonly format: Format | null
  /** Looked up when first asked for: tables come and go with their node only. */
  private table: HashTable | null = null

  constructor(tableName: string, text: string, format: Format | null) {
    this.tableName = tableName
    this.text = text
    this.format = format
  }

  /** null when there is no such table. */
  tableOf(self: Htable): HashTable | null {
    if (this.table === null) this.table = self.table(this.tableName)
    return this.table
  }

  name(msg: SipMessage): string {
    return this.format === null ? this.text : this.format(msg)
  }
}

/** Blanks around the table's name do not count, those of the item do. */
export function readKey(inner: string, formats: Formats): TableKey {
  const arrow = inner.indexOf('=>')
  const table = arrow < 0 ? '' : inner.slice(0, arrow).trim()
  const name = inner.slice(arrow + 2)
  if (table === '' || name === '')
    throw new BadValue(`${inner} names no item of a table`, 'as table=>name')
  return new TableKey(table, name, name.includes('$') ? formats.compile(name) : null)
}
