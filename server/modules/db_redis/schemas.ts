/** The schema files: which columns a table has. */
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type DbColumn, DbError, type DbType } from '../../core/db/api.ts'

const TYPES: Readonly<Record<string, DbType>> = {
  int: 'int',
  bigint: 'bigint',
  string: 'string',
  str: 'string',
  time: 'datetime',
  timestamp: 'datetime',
  datetime: 'datetime',
  double: 'double',
  blob: 'blob',
}

export class Schemas {
  private readonly folder: string
  private readonly known = new Map<string, Promise<readonly DbColumn[]>>()

  constructor(folder: string) {
    this.folder = folder
  }

  columns(table: string): Promise<readonly DbColumn[]> {
    const known = this.known.get(table)
    if (known !== undefined) return known
    const reading = this.read(table)
    this.known.set(table, reading)
    // Somebody may put it there.
    reading.catch(() => this.known.delete(table))
    return reading
  }

  private async read(table: string): Promise<readonly DbColumn[]> {
    if (!/^\w+$/.test(table)) throw new DbError('statement', `no table name: ${table}`)
    const path = join(this.folder, table)
    const text = await readFile(path, 'latin1').catch((error: Error) => {
      throw new DbError('statement', `no schema for table ${table}: ${error.message}`)
    })
    const [line = ''] = text.split('\n')
    return line
      .split(',')
      .map(part => part.trim())
      .filter(part => part !== '')
      .map(part => readColumn(part, path))
  }
}

/** `username/string` */
function readColumn(text: string, path: string): DbColumn {
  const [name = '', type = ''] = text.split('/')
  const found = TYPES[type]
  if (name === '' || found === undefined)
    throw new DbError('statement', `${path}: "${text}" declares no column`)
  return { name, type: found }
}
