/** The surface of mtree: every name that a config or an operator can use. */
import { mtree as contract } from '../../../rpc/contract/mtree.ts'
import { DEFAULT_DB_URL } from '../../core/db/default-url.ts'
import { mtree, mtrees } from '../../core/db/tables/mtree.ts'
import {
  defineModule,
  eachParam,
  fn,
  format,
  intParam,
  literal,
  pvar,
  pvarParam,
  strParam,
} from '../../core/module/index.ts'
import { ANY_ROUTE } from '../../core/route-bits.ts'
import { mtMatch, readMode } from './match.ts'
import { Mtree } from './mtree.ts'
import { readSource } from './params.ts'
import * as rpc from './rpc.ts'

export const params = {
  db_url: strParam({
    default: DEFAULT_DB_URL,
    doc: 'The database of the trees.',
  }),
  db_table: strParam({ default: '', doc: 'A table with several trees, told apart by tname.' }),
  mtree: eachParam({ doc: 'A tree: name=x;dbtable=y;type=0.', parse: readSource }),
  tname_column: strParam({ default: 'tname', doc: 'Column of the name of the tree.' }),
  tprefix_column: strParam({ default: 'tprefix', doc: 'Column of the prefix.' }),
  tvalue_column: strParam({ default: 'tvalue', doc: 'Column of the value.' }),
  char_list: strParam({ default: '0123456789', doc: 'Characters that prefixes may have.' }),
  fetch_rows: intParam({ default: 1000, min: 1, doc: 'Rows that are read at once.' }),
  pv_value: pvarParam({ default: '$avp(s:tvalue)', doc: 'Where the value is put.' }),
  pv_values: pvarParam({ default: '$avp(s:tvalues)', doc: 'Where all values are put.' }),
  pv_dstid: pvarParam({ default: '$avp(tdstid)', doc: 'Where destinations of d:w are put.' }),
  pv_weight: pvarParam({ default: '$avp(tweight)', doc: 'Where their weights are put.' }),
  pv_count: pvarParam({ default: '$avp(tcount)', doc: 'Where their number is put.' }),
  mt_tree_type: intParam({
    default: 0,
    min: 0,
    max: 2,
    doc: 'Type of the trees of db_table: 0 texts, 1 d:w, 2 numbers.',
  }),
  mt_ignore_duplicates: intParam({
    default: 0,
    min: 0,
    max: 1,
    doc: '1: of several values of a prefix the first one counts.',
  }),
  mt_allow_duplicates: intParam({
    default: 0,
    min: 0,
    max: 1,
    doc: '1: a prefix may have several values.',
  }),
}

export default defineModule({
  name: 'mtree',
  doc: 'Values of prefixes, from a database.',
  needs: {},
  params,
  tables: [mtree, mtrees],
  instance: Mtree,
  start: self => self.start(),

  functions: {
    mt_match: fn({
      doc: 'Look for the longest prefix of a number in a tree, or with mode 2 for all.',
      args: [format('mtree'), pvar('pv'), literal('mode', readMode)],
      routes: ANY_ROUTE,
      kemi: 'mt_match(str, str, int)',
      run: mtMatch,
    }),
  },
  rpc: { contract, handlers: rpc.handlers },
})
