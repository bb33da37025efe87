// Everything xhttp offers to a config or another module is named here.
import {
  defineModule,
  fn,
  format,
  int,
  kemiFn,
  strParam,
  variable,
} from '../../core/module/index.ts'
import { ANY_ROUTE } from '../../core/route-bits.ts'
import type { XhttpApi } from './api.ts'
import { reply, url } from './reply.ts'
import { path, queryString } from './url.ts'
import { EVENT, Xhttp } from './xhttp.ts'

export const params = {
  url_match: strParam({
    default: '',
    doc: 'Regular expression: only requests whose URL matches are processed.',
  }),
  url_skip: strParam({
    default: '',
    doc: 'Regular expression: requests whose URL matches are not processed.',
  }),
  event_callback: strParam({
    default: '',
    doc: 'Function of a KEMI script to run instead of the event route.',
  }),
}

export default defineModule({
  name: 'xhttp',
  doc: 'Answers HTTP requests on the SIP connections.',
  needs: {},
  params,
  instance: Xhttp,
  functions: {
    xhttp_reply: fn({
      doc: 'Answer the HTTP request.',
      args: [int('code'), format('reason'), format('content type'), format('body')],
      routes: ANY_ROUTE,
      run: reply,
    }),
  },
  kemi: {
    get_hu: kemiFn({
      doc: 'URL of the HTTP request.',
      args: [],
      returns: 'xval',
      type: 'string | null',
      run: (_self: Xhttp, msg) => msg.originalUri || null,
    }),
  },
  pvars: { hu: variable({ doc: 'URL of the HTTP request.', get: url }) },
  transformations: {
    url: {
      path: { doc: 'What is before the question mark.', minArgs: 0, maxArgs: 0, run: path },
      querystring: {
        doc: 'What is after the question mark.',
        minArgs: 0,
        maxArgs: 0,
        run: queryString,
      },
    },
  },
  events: { [EVENT]: 'An HTTP request came in.' },
  api: (self): XhttpApi => ({
    reply: (msg, code, reason, contentType, body) =>
      reply(self, msg, code, reason, contentType, body),
  }),
  start: self => self.start(),
})
