/** The surface of auth: every name that a config, an operator or another module can use. */
import {
  defineModule,
  fn,
  format,
  int,
  intParam,
  optional,
  since6,
  strParam,
  writablePvar,
} from '../../core/module/index.ts'
import { ANY_ROUTE, FAILURE_ROUTE, ONREPLY_ROUTE, REQUEST_ROUTE } from '../../core/route-bits.ts'
import { sl } from '../sl/api.ts'
import { Auth } from './auth.ts'
import { authCheck, proxyAuthenticate, wwwAuthenticate } from './authenticate.ts'
import {
  authChallenge,
  chooseAlgorithm,
  getWwwAuthenticate,
  proxyChallenge,
  wwwChallenge,
} from './challenge.ts'
import { consumeCredentials, hasCredentials } from './credentials.ts'
import { filled } from '../../core/filled-argument.ts'

const MOST_SIZE = 2 ** 30
const MOST_ORDER = 30

/** Parts of a message, as bits. */
const checks = (which: string) =>
  intParam({
    default: 0,
    min: 0,
    max: 15,
    doc: `What of ${which} goes into the nonce: 1 request URI, 2 Call-ID, 4 From tag, 8 source.`,
  })
const size = (doc: string) => intParam({ default: 2 ** 20, min: 0, max: MOST_SIZE, doc })
const order = (of: string) =>
  intParam({ default: 0, min: 0, max: MOST_ORDER, doc: `${of} as a power of two; 0: as it says.` })

export const params = {
  secret: strParam({
    default: '',
    doc: 'What nonces are made with; empty: something random, new at each start.',
  }),
  nonce_expire: intParam({ default: 300, min: 0, doc: 'Seconds that a nonce is good for.' }),
  nonce_auth_max_drift: intParam({
    default: 3,
    min: 0,
    doc: 'Seconds that the clock of the node which made a nonce may be ahead.',
  }),
  protect_contacts: intParam({ default: 0, doc: 'Has no meaning, as in Kamailio.' }),
  challenge_attr: strParam({
    default: '$digest_challenge',
    doc: 'The AVP that pv_..._authenticate puts a challenge into.',
  }),
  proxy_challenge_header: strParam({
    default: 'Proxy-Authenticate',
    doc: 'Name of the header of challenges in a 407.',
  }),
  www_challenge_header: strParam({
    default: 'WWW-Authenticate',
    doc: 'Name of the header of challenges in a 401.',
  }),
  qop: strParam({
    default: '',
    doc: 'Checked and nothing else: the flags of the functions say which qop a challenge has.',
  }),
  auth_checks_register: checks('a REGISTER'),
  auth_checks_no_dlg: checks('a request outside of dialogs'),
  auth_checks_in_dlg: checks('a request within a dialog'),
  nonce_count: intParam({
    default: 0,
    doc: 'Not 0: the nc of a client must grow with each request.',
  }),
  nc_array_size: size('For so many nonces the newest nc is kept.'),
  nc_array_order: order('nc_array_size'),
  one_time_nonce: intParam({ default: 0, doc: 'Not 0: a nonce is good for one request.' }),
  otn_in_flight_no: size('For so many nonces is kept whether they were used.'),
  otn_in_flight_order: order('otn_in_flight_no'),
  nid_pool_no: intParam({
    default: 1,
    min: 1,
    doc: 'Without a meaning here: one loop gives out all nonces.',
  }),
  force_stateless_reply: intParam({
    default: 0,
    doc: 'Not 0: challenges are sent without a transaction even where there is one.',
  }),
  realm_prefix: strParam({ default: '', doc: 'What is cut off from the beginning of realms.' }),
  use_domain: intParam({
    default: 0,
    doc: 'Not 0: pv_auth_check compares domains as well as users.',
  }),
  algorithm: strParam({
    default: '',
    doc: 'Hash of challenges: MD5, SHA-256 or SHA-512-256; empty: MD5, without naming it.',
  }),
  add_authinfo_hdr: intParam({
    default: 0,
    doc: 'Not 0: replies to authenticated requests get an Authentication-Info.',
  }),
}

export const needs = { sl }

const ANSWERING = REQUEST_ROUTE | FAILURE_ROUTE | ONREPLY_ROUTE
const realm = filled(format('realm'))
const flags = filled(int('flags'))
const login = [realm, filled(format('passwd')), flags] as const

const challengeArgs = [realm, flags] as const
const www = {
  doc: 'Check the Authorization of a request against a password.',
  args: [...login, optional(filled(format('method')))],
  routes: REQUEST_ROUTE,
  run: wwwAuthenticate,
} as const
const proxy = {
  doc: 'Check the Proxy-Authorization of a request against a password.',
  args: login,
  routes: REQUEST_ROUTE,
  run: proxyAuthenticate,
} as const

export default defineModule({
  name: 'auth',
  doc: 'Digest authentication: challenges, nonces and responses.',
  needs,
  params,
  instance: Auth,

  functions: {
    consume_credentials: fn({
      doc: 'Take the credentials that were checked out of the request.',
      args: [],
      routes: REQUEST_ROUTE,
      run: consumeCredentials,
    }),
    has_credentials: fn({
      doc: 'Does the request carry credentials for this realm?',
      args: [format('realm')],
      routes: REQUEST_ROUTE,
      run: hasCredentials,
    }),
    www_challenge: fn({
      doc: 'Ask for credentials with a 401.',
      args: challengeArgs,
      routes: ANSWERING,
      run: wwwChallenge,
    }),
    proxy_challenge: fn({
      doc: 'Ask for credentials with a 407.',
      args: challengeArgs,
      routes: ANSWERING,
      run: proxyChallenge,
    }),
    auth_challenge: fn({
      doc: 'Ask for credentials: a REGISTER with a 401, other requests with a 407.',
      args: challengeArgs,
      routes: ANSWERING,
      run: authChallenge,
    }),
    pv_www_authenticate: fn(www),
    pv_www_authorize: fn(www),
    pv_proxy_authenticate: fn(proxy),
    pv_proxy_authorize: fn(proxy),
    pv_auth_check: fn({
      doc: 'Check the credentials that belong to the method, and the user of From and To.',
      args: [...login, filled(int('checks'))],
      routes: REQUEST_ROUTE,
      run: authCheck,
    }),
    auth_algorithm: since6(
      fn({
        doc: 'Take another hash than the parameter algorithm says for this message.',
        args: [filled(format('algorithm'))],
        routes: REQUEST_ROUTE,
        run: chooseAlgorithm,
      }),
    ),
    auth_get_www_authenticate: fn({
      doc: 'Put a challenge into a variable.',
      args: [realm, flags, writablePvar('pvdest')],
      routes: ANY_ROUTE,
      run: getWwwAuthenticate,
    }),
  },
})
