/** The surface of auth_db: every name that a config can use. */
import { DEFAULT_RODB_URL } from '../../core/db/default-url.ts'
import { subscriber } from '../../core/db/tables/auth_db.ts'
import { filled } from '../../core/filled-argument.ts'
import {
  defineModule,
  fn,
  format,
  int,
  intParam,
  optional,
  strParam,
} from '../../core/module/index.ts'
import { ANY_ROUTE, REQUEST_ROUTE } from '../../core/route-bits.ts'
import { auth } from '../auth/api.ts'
import { AuthDb } from './auth_db.ts'
import { authCheck, proxyAuthenticate, wwwAuthenticate } from './authenticate.ts'
import { isSubscriber } from './is-subscriber.ts'
import { tableArgument } from './named-tables.ts'

export const params = {
  db_url: strParam({
    default: DEFAULT_RODB_URL,
    doc: 'The database of subscribers.',
  }),
  user_column: strParam({ default: 'username', doc: 'Column of user names.' }),
  domain_column: strParam({ default: 'domain', doc: 'Column of domains.' }),
  password_column: strParam({
    default: 'ha1',
    doc: 'Column of hashes of user, realm and password; with calculate_ha1 of passwords.',
  }),
  password_column_2: strParam({
    default: 'ha1b',
    doc: 'Column of hashes for credentials whose user is written as user@domain.',
  }),
  calculate_ha1: intParam({ default: 0, doc: 'Not 0: password_column holds plain passwords.' }),
  use_domain: intParam({ default: 0, doc: 'Not 0: a subscriber is found by user and domain.' }),
  load_credentials: strParam({
    default: '',
    doc: 'Columns to read into variables: `$avp(rpid)=rpid;email_address`.',
  }),
  version_table: intParam({ default: 1, doc: '0: the version of the tables is not checked.' }),
  force_generate_avps: intParam({
    default: 0,
    doc: 'Not 0: load_credentials also when the password is wrong.',
  }),
}

export const needs = { auth }

const realm = filled(format('realm'))
const login = [realm, tableArgument] as const
const www = {
  doc: 'Check the Authorization of a request against a table of subscribers.',
  args: [...login, optional(filled(format('method')))],
  routes: REQUEST_ROUTE,
  waits: true,
  run: wwwAuthenticate,
} as const
const proxy = {
  doc: 'Check the Proxy-Authorization of a request against a table of subscribers.',
  args: login,
  routes: REQUEST_ROUTE,
  waits: true,
  run: proxyAuthenticate,
} as const

export default defineModule({
  name: 'auth_db',
  doc: 'Authenticates users of a database.',
  needs,
  params,
  tables: [subscriber],
  instance: AuthDb,
  start: self => self.start(),

  functions: {
    www_authenticate: fn(www),
    www_authorize: fn(www),
    proxy_authenticate: fn(proxy),
    proxy_authorize: fn(proxy),
    auth_check: fn({
      doc: 'Check the credentials that belong to the method, and the user of From and To.',
      args: [...login, filled(int('flags'))],
      routes: REQUEST_ROUTE,
      waits: true,
      run: authCheck,
    }),
    is_subscriber: fn({
      doc: 'Is there a subscriber for this URI?',
      args: [filled(format('uri')), tableArgument, filled(int('flags'))],
      routes: ANY_ROUTE,
      waits: true,
      run: isSubscriber,
    }),
  },
})
