/** The surface of db_text: every name that a config or an operator can use. */
import { dbText as contract } from '../../../rpc/contract/db_text.ts'
import { defineModule, intParam, strParam } from '../../core/module/index.ts'
import { DbText } from './db_text.ts'
import { handlers } from './rpc.ts'

export const params = {
  db_mode: intParam({
    default: 0,
    doc: '0: a file is read once; 1: read again when it was changed by somebody else.',
  }),
  db_delim: strParam({ default: ':', doc: 'What stands between two fields.' }),
  default_connection: strParam({ default: 'none', doc: 'The database of db_text.query.' }),
  emptystring: intParam({
    default: 0,
    doc: 'Not 0: nothing in a column of strings is an empty string and not null.',
  }),
  file_buffer_size: intParam({ default: 16384, doc: 'Taken, and without effect.' }),
  max_result_rows: intParam({
    default: 100000,
    min: 1,
    doc: 'Rows that a query may give; one that finds more is refused.',
  }),
}

export default defineModule({
  name: 'db_text',
  doc: 'Databases that are folders of text files: text:///absolute/path.',
  needs: {},
  params,
  instance: DbText,
  rpc: { contract, handlers },
})
