/** db_text.*: what operators do with the files. */
import type { dbText } from '../../../rpc/contract/db_text.ts'
import { DbError } from '../../core/db/api.ts'
import { readDbUrl } from '../../core/db/url.ts'
import type { Handlers } from '../../core/module/index.ts'
import type { DbText } from './db_text.ts'
import { printRow } from './format.ts'

const NONE = 'none'

async function query(self: DbText, statement: string): Promise<string[]> {
  const { core, config } = self
  const url = config.default_connection
  if (url === NONE) return [`invalid connection : ${url}`]
  const database = core.databases.open(url, 'db_text')
  try {
    const { columns, rows, affected } = await database.raw(statement)
    if (columns.length === 0) return [`${affected} affected rows`]
    if (rows.length === 0) return ['statement returned 0 rows']
    const table = /\bfrom\s+(\S+)/i.exec(statement)![1]!
    const declared = await self.folder(readDbUrl(url)).columnsOf(table)
    const shown = columns.map(({ name }) => declared.find(column => column.name === name)!)
    const format = { delimiter: self.delimiter, emptyStrings: false }
    return [
      `${shown.map(({ written }) => written).join(' ')}\n`,
      ...rows.map(row => printRow(row, shown, format)),
      `\ntotal rows ${rows.length} / ${rows.length}`,
    ]
  } catch (error) {
    if (!(error instanceof DbError)) throw error
    core.log.error('db_text', error.message)
    return ['error executing sql statement']
  }
}

export const handlers: Handlers<DbText, typeof dbText> = {
  // A change that could not be written was refused to who made it.
  'db_text.dump': self => self.written().then(() => 'Dump OK'),
  'db_text.query': query,
}
