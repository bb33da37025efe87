/** The surface of alias_db: every name that a config can use. */
import { DEFAULT_RODB_URL } from '../../core/db/default-url.ts'
import { dbaliases } from '../../core/db/tables/alias_db.ts'
import {
  defineModule,
  fn,
  format,
  inKemi,
  intParam,
  literal,
  optional,
  pvar,
  strParam,
  writablePvar,
} from '../../core/module/index.ts'
import {
  BRANCH_ROUTE,
  CORE_ONREPLY_ROUTE,
  FAILURE_ROUTE,
  LOCAL_ROUTE,
  REQUEST_ROUTE,
  TM_ONREPLY_ROUTE,
} from '../../core/route-bits.ts'
import { AliasDb } from './alias_db.ts'
import { findAlias } from './find.ts'
import { readFlags } from './flags.ts'
import { lookupAlias } from './lookup.ts'

export const params = {
  db_url: strParam({
    default: DEFAULT_RODB_URL,
    doc: 'The database of aliases.',
  }),
  user_column: strParam({ default: 'username', doc: 'Column of the user that an alias is of.' }),
  domain_column: strParam({ default: 'domain', doc: 'Column of its domain.' }),
  alias_user_column: strParam({ default: 'alias_username', doc: 'Column of the user of aliases.' }),
  alias_domain_column: strParam({ default: 'alias_domain', doc: 'Column of their domain.' }),
  use_domain: intParam({ default: 0, doc: 'Not 0: an alias is found by user and domain.' }),
  domain_prefix: strParam({ default: '', doc: 'What is cut off from the beginning of domains.' }),
  append_branches: intParam({
    default: 0,
    doc: 'Not 0: all addresses of an alias are taken, the others as branches.',
  }),
}

const table = format('table_name')
const flags = optional(literal('flags', readFlags))

export default defineModule({
  name: 'alias_db',
  doc: 'Other addresses of users, from a database.',
  needs: {},
  params,
  tables: [dbaliases],
  instance: AliasDb,
  start: self => self.start(),

  functions: {
    alias_db_lookup: inKemi(
      'lookup(str) lookup_ex(str, str)',
      fn({
        doc: 'Put the address that the request URI is an alias of in its place.',
        args: [table, flags],
        routes: REQUEST_ROUTE | FAILURE_ROUTE,
        waits: true,
        run: lookupAlias,
      }),
    ),
    alias_db_find: fn({
      doc: 'Put the address that a URI is an alias of into a variable.',
      args: [table, pvar('input'), writablePvar('output'), flags],
      routes:
        REQUEST_ROUTE |
        FAILURE_ROUTE |
        TM_ONREPLY_ROUTE |
        CORE_ONREPLY_ROUTE |
        BRANCH_ROUTE |
        LOCAL_ROUTE,
      waits: true,
      run: findAlias,
    }),
  },
})
