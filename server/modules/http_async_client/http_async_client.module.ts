/** The surface of http_async_client: every name that a config can use. */
import {
  counter,
  defineModule,
  fn,
  format,
  intParam,
  keyed,
  strParam,
  variable,
} from '../../core/module/index.ts'
import { ANY_ROUTE } from '../../core/route-bits.ts'
import { tm } from '../tm/api.ts'
import { HttpAsyncClient } from './http_async_client.ts'
import { httpAsyncQuery } from './query.ts'
import { readKey, SETTERS } from './request-settings.ts'
import * as variables from './variables.ts'

const NO_EFFECT = 'Taken, and without effect.'

export const params = {
  workers: intParam({ default: 1, min: 1, doc: NO_EFFECT }),
  connection_timeout: intParam({ default: 500, min: 1, doc: 'Milliseconds for a request.' }),
  hash_size: intParam({ default: 2048, min: 1, doc: NO_EFFECT }),
  tls_version: intParam({ default: 0, min: 0, max: 7, doc: 'Oldest version of TLS.' }),
  tls_verify_host: intParam({ default: 2, doc: '0: a certificate may have another name.' }),
  tls_verify_peer: intParam({ default: 1, doc: '0: any certificate is good.' }),
  curl_verbose: intParam({ default: 0, doc: 'Not 0: the log has the headers.' }),
  curl_follow_redirect: intParam({ default: 0, doc: 'Not 0: redirects are followed.' }),
  tls_client_cert: strParam({ default: '', doc: 'File with our certificate.' }),
  tls_client_key: strParam({ default: '', doc: 'File with its key.' }),
  tls_ca_path: strParam({ default: '', doc: 'Folder of the authorities that are trusted.' }),
  memory_manager: strParam({ default: 'shm', doc: NO_EFFECT }),
  authmethod: intParam({ default: 3, doc: 'Bits of the ways to log in: 1 Basic, 2 Digest.' }),
  tcp_keepalive: intParam({ default: 0, doc: NO_EFFECT }),
  tcp_ka_idle: intParam({ default: 0, doc: NO_EFFECT }),
  tcp_ka_interval: intParam({ default: 0, doc: NO_EFFECT }),
}

export const needs = { tm }

export const stats = {
  requests: counter('Requests that were sent'),
  replies: counter('Answers that came'),
  errors: counter('Requests without an answer'),
  timeouts: counter('Those of them whose time was over'),
}

export default defineModule({
  name: 'http_async_client',
  doc: 'Requests to web servers whose answers run a route.',
  needs,
  params,
  stats,
  instance: HttpAsyncClient,
  stop: self => self.stop(),

  functions: {
    http_async_query: fn({
      doc: 'Ask a web server, and go on in a route when it has answered.',
      args: [format('url'), format('route')],
      routes: ANY_ROUTE,
      kemi: 'query',
      run: httpAsyncQuery,
    }),
  },
  pvars: {
    http_req: keyed({
      doc: 'What the next request is like; to be written.',
      parse: readKey,
      get: (_self: HttpAsyncClient) => null,
      set: (self, msg, value, key) => {
        if (SETTERS[key]!(self.requestOf(msg), value, self.config)) return true
        self.error(`$http_req(${key}): bad value`)
        return false
      },
    }),
    http_req_id: variable({
      doc: 'Which request it was.',
      get: (self: HttpAsyncClient, msg) => self.idOf(msg),
    }),
    http_ok: variable({
      doc: '1: the server has answered.',
      get: variables.told(({ error }) => (error === 0 ? 1 : 0)),
    }),
    http_err: variable({ doc: 'What failed.', get: variables.told(variables.errorText) }),
    http_rs: variable({ doc: 'Status.', get: variables.answered(({ status }) => status) }),
    http_rr: variable({ doc: 'Reason phrase.', get: variables.answered(({ reason }) => reason) }),
    http_rb: variable({ doc: 'Body.', get: variables.answered(({ body }) => body) }),
    http_bs: variable({
      doc: 'Length of the body.',
      get: variables.answered(({ body }) => body.length),
    }),
    http_mb: variable({ doc: 'The whole answer.', get: variables.answered(variables.whole) }),
    http_ml: variable({
      doc: 'Its length.',
      get: variables.answered(answer => variables.whole(answer).length),
    }),
    http_hdr: keyed({
      doc: 'A header of the answer.',
      parse: inner => inner.trim(),
      get: variables.headerOf,
    }),
    http_time: keyed({
      doc: 'How long it took, in seconds.',
      parse: variables.readTime,
      get: variables.timeOf,
    }),
  },
})
