/** The surface of uri_db: every name that a config can use. */
import { DEFAULT_RODB_URL } from '../../core/db/default-url.ts'
import { uri } from '../../core/db/tables/uri_db.ts'
import {
  defineModule,
  fn,
  format,
  inKemi,
  intParam,
  optional,
  strParam,
} from '../../core/module/index.ts'
import { LOCAL_ROUTE, REQUEST_ROUTE } from '../../core/route-bits.ts'
import { checkFrom, checkTo, checkUri } from './check.ts'
import { doesUriExist } from './exists.ts'
import { UriDb } from './uri_db.ts'

export const params = {
  db_url: strParam({
    default: DEFAULT_RODB_URL,
    doc: 'The database of users; empty: none.',
  }),
  db_table: strParam({ default: 'subscriber', doc: 'The table: subscriber or uri.' }),
  user_column: strParam({ default: 'username', doc: 'Column of user names.' }),
  domain_column: strParam({ default: 'domain', doc: 'Column of domains.' }),
  uriuser_column: strParam({
    default: 'uri_user',
    doc: 'Column of the user names that a user may put into addresses.',
  }),
  use_uri_table: intParam({ default: 0, doc: 'Not 0: the table is of the kind of uri.' }),
  use_domain: intParam({ default: 0, doc: 'Not 0: does_uri_exist looks for the domain, too.' }),
}

export default defineModule({
  name: 'uri_db',
  doc: 'Who may use which address, from a database.',
  needs: {},
  params,
  tables: [uri],
  instance: UriDb,
  start: self => self.start(),

  functions: {
    check_to: fn({
      doc: 'May the authenticated user use the address in To?',
      args: [],
      routes: REQUEST_ROUTE,
      waits: true,
      run: checkTo,
    }),
    check_from: fn({
      doc: 'May the authenticated user use the address in From?',
      args: [],
      routes: REQUEST_ROUTE,
      waits: true,
      run: checkFrom,
    }),
    check_uri: inKemi(
      'check_uri(str) check_uri_realm(str, str, str)',
      fn({
        doc: 'May the authenticated user, or the one that is named, use this address?',
        args: [format('uri'), optional(format('username')), optional(format('realm'))],
        routes: REQUEST_ROUTE,
        waits: true,
        run: checkUri,
      }),
    ),
    does_uri_exist: fn({
      doc: 'Is there a user of the name in the request URI?',
      args: [],
      routes: REQUEST_ROUTE | LOCAL_ROUTE,
      waits: true,
      run: doesUriExist,
    }),
  },
})
