/** The surface of db_flatstore: every name that a config or an operator can use. */
import { flatstore as contract } from '../../../rpc/contract/flatstore.ts'
import { defineModule, intParam, strParam } from '../../core/module/index.ts'
import { DbFlatstore, rotate } from './db_flatstore.ts'

const idle = 'Taken, and without effect.'

export const params = {
  flush: intParam({ default: 1, doc: 'Taken, and without effect: a row is written at once.' }),
  encode_delimiter: intParam({
    default: 1,
    doc: 'Not 0: a | within a text is written as %7C.',
  }),
  field_delimiter: strParam({ default: '', doc: idle }),
  record_delimiter: strParam({ default: '', doc: idle }),
  escape_char: strParam({ default: '', doc: idle }),
  file_suffix: strParam({ default: '', doc: idle }),
}

export default defineModule({
  name: 'db_flatstore',
  doc: 'Rows that are appended to files, for accounting: flatstore:/absolute/path.',
  needs: {},
  params,
  instance: DbFlatstore,
  rpc: { contract, handlers: { 'flatstore.k_rotate': rotate, 'flatstore.rotate': rotate } },
})
