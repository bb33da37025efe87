/** The surface of pdt: every name that a config or an operator can use. */
import { pdt as contract } from '../../../rpc/contract/pdt.ts'
import { DEFAULT_DB_URL } from '../../core/db/default-url.ts'
import { pdt } from '../../core/db/tables/pdt.ts'
import {
  defineModule,
  fn,
  format,
  int,
  intParam,
  optional,
  strParam,
} from '../../core/module/index.ts'
import { BRANCH_ROUTE, FAILURE_ROUTE, REQUEST_ROUTE } from '../../core/route-bits.ts'
import { Pdt } from './pdt.ts'
import { handlers } from './rpc.ts'
import { prefixToDomain, translate } from './translate.ts'

export const params = {
  db_url: strParam({
    default: DEFAULT_DB_URL,
    doc: 'The database of prefixes.',
  }),
  db_table: strParam({ default: 'pdt', doc: 'Their table.' }),
  sdomain_column: strParam({ default: 'sdomain', doc: 'Column of the source domain.' }),
  prefix_column: strParam({ default: 'prefix', doc: 'Column of the prefix.' }),
  domain_column: strParam({ default: 'domain', doc: 'Column of its domain.' }),
  prefix: strParam({ default: '', doc: 'What numbers have in front of a prefix.' }),
  char_list: strParam({ default: '0123456789', doc: 'Characters that prefixes may have.' }),
  fetch_rows: intParam({ default: 1000, min: 1, doc: 'Rows that are read at once.' }),
  check_domain: intParam({
    default: 1,
    doc: 'Not 0: a domain has one prefix for each source domain.',
  }),
}

export default defineModule({
  name: 'pdt',
  doc: 'Turns prefixes of numbers into domains, by a database.',
  needs: {},
  params,
  tables: [pdt],
  instance: Pdt,
  start: self => self.start(),

  functions: {
    prefix2domain: fn({
      doc: 'Put the domain of the prefix of the request URI in place.',
      args: [optional(int('rewrite_mode')), optional(int('multidomain_mode'))],
      routes: REQUEST_ROUTE | FAILURE_ROUTE,
      kemi: 'pprefix2domain(int, int)',
      run: prefixToDomain,
    }),
    pd_translate: fn({
      doc: 'The same with the prefixes of a source domain.',
      args: [format('sdomain'), int('rewrite_mode')],
      routes: REQUEST_ROUTE | FAILURE_ROUTE | BRANCH_ROUTE,
      run: translate,
    }),
  },
  rpc: { contract, handlers },
})
