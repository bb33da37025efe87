/** The surface of http_client: every name that a config or an operator can use. */
import { httpclient as contract } from '../../../rpc/contract/httpclient.ts'
import { curlError } from '../../core/http/curl-errors.ts'
import {
  computed,
  counter,
  defineModule,
  eachParam,
  fn,
  format,
  gauge,
  intParam,
  keyed,
  optional,
  orLast,
  strParam,
  text,
  writablePvar,
} from '../../core/module/index.ts'
import {
  ANY_ROUTE,
  BRANCH_ROUTE,
  FAILURE_ROUTE,
  ONREPLY_ROUTE,
  REQUEST_ROUTE,
} from '../../core/route-bits.ts'
import * as functions from './functions.ts'
import { HttpClientModule } from './http_client.ts'
import { handlers } from './rpc.ts'
import { readConnection } from './settings.ts'

export const params = {
  httpredirect: intParam({ default: 0, doc: '1: redirects are followed.' }),
  httpproxy: strParam({ default: '', doc: 'Proxy of all connections.' }),
  httpproxyport: intParam({ default: 0, min: 0, max: 65535, doc: 'Port of the proxy.' }),
  useragent: strParam({ default: '', doc: 'User-Agent; empty: that of the node.' }),
  maxdatasize: intParam({ default: 0, min: 0, doc: 'Bytes of a body that are kept; 0: all.' }),
  connection_timeout: intParam({ default: 4, min: 0, doc: 'Seconds for a request.' }),
  client_cert: strParam({ default: '', doc: 'File with our certificate.' }),
  client_key: strParam({ default: '', doc: 'File with its key.' }),
  cacert: strParam({ default: '', doc: 'File with the authorities that are trusted.' }),
  cipher_suites: strParam({ default: '', doc: 'Ciphers that are allowed.' }),
  verify_peer: intParam({ default: 1, doc: '0: any certificate is good.' }),
  verify_host: intParam({ default: 2, doc: '0: a certificate may have another name.' }),
  tlsversion: intParam({ default: 0, doc: 'Oldest version of TLS, as libcurl numbers them.' }),
  authmethod: intParam({ default: 3, doc: 'Bits of the ways to log in: 1 Basic, 2 Digest.' }),
  keep_connections: intParam({ default: 0, doc: '1: connections are used again.' }),
  query_result: intParam({ default: 1, doc: '0: the whole body; 1: its first line.' }),
  query_maxdatasize: intParam({ default: 0, min: 0, doc: 'Bytes of a result; 0: all.' }),
  httpcon: eachParam({ doc: 'A connection: name=>URL;option=value.', parse: readConnection }),
  config_file: strParam({ default: '', doc: 'File with connections.' }),
  netinterface: strParam({ default: '', doc: 'Interface or address to send from.' }),
}

export const stats = {
  connections: gauge('Connections that are defined', (s: HttpClientModule) => s.connections.size),
  connok: counter('Requests that were answered 200'),
  connfail: counter('Requests that were answered otherwise or not at all'),
}

const URL_TEXT = format('url')
const CONNECTION = format('connection')
const RESULT = writablePvar('result')
const routes = REQUEST_ROUTE | ONREPLY_ROUTE | FAILURE_ROUTE | BRANCH_ROUTE

export default defineModule({
  name: 'http_client',
  doc: 'Requests to web servers.',
  needs: {},
  params,
  statsGroup: 'httpclient',
  stats,
  instance: HttpClientModule,
  start: self => self.start(),
  stop: self => self.stop(),

  functions: {
    http_client_query: fn({
      doc: 'Ask with GET, or with POST where there is something to post.',
      args: [
        URL_TEXT,
        orLast(format('post'), RESULT),
        optional(orLast(format('headers'), RESULT)),
        optional(RESULT),
      ],
      routes: ANY_ROUTE,
      waits: true,
      kemi: 'query(str, str) query_post(str, str, str) query_post_hdrs(str, str, str, str)',
      run: functions.httpClientQuery,
    }),
    http_client_get: fn({
      doc: 'Ask with GET, and perhaps a body.',
      args: [URL_TEXT, format('body'), format('headers'), RESULT],
      routes: ANY_ROUTE,
      waits: true,
      kemi: 'get',
      run: functions.httpClientGet,
    }),
    http_connect: fn({
      doc: 'Ask the server of a connection, with GET or with POST.',
      args: [
        CONNECTION,
        URL_TEXT,
        orLast(format('content type'), RESULT),
        optional(format('data')),
        optional(RESULT),
      ],
      routes,
      waits: true,
      kemi: 'curl_connect(str, str, str) curl_connect_post(str, str, str, str, str)',
      run: functions.httpConnect,
    }),
    http_connect_raw: fn({
      doc: 'The same with data in which a dollar sign is one.',
      args: [CONNECTION, URL_TEXT, format('content type'), computed(text('data')), RESULT],
      routes,
      waits: true,
      kemi: '',
      run: functions.httpConnectRaw,
    }),
    http_get_redirect: fn({
      doc: 'Where the last answer of a connection came from.',
      args: [CONNECTION, RESULT],
      routes,
      kemi: 'curl_get_redirect',
      run: functions.httpGetRedirect,
    }),
  },
  pvars: {
    curlerror: keyed({
      doc: 'The text of an error.',
      parse: inner => Number.parseInt(inner, 10) || 0,
      get: (_self: HttpClientModule, _msg, code) => curlError(code),
    }),
  },
  rpc: { contract, handlers },
})
