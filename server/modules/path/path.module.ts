/** The surface of path: every name that a config can use. */
import {
  defineModule,
  fn,
  format,
  intParam,
  optional,
  optionalApi,
  strParam,
} from '../../core/module/index.ts'
import { REQUEST_ROUTE } from '../../core/route-bits.ts'
import { outbound } from '../outbound/api.ts'
import { rr } from '../rr/api.ts'
import { addPath, addPathReceived } from './add.ts'
import { Path } from './path.ts'

export const params = {
  use_received: intParam({
    default: 0,
    doc: 'Not 0: the received parameter of our Route is the next hop. It needs rr.',
  }),
  received_format: intParam({
    default: 0,
    min: 0,
    max: 1,
    doc: '0: received is an escaped SIP URI; 1: it is address~port~transport.',
  }),
  received_name: strParam({ default: 'received', doc: 'Name of that parameter.' }),
  enable_r2: intParam({
    default: 0,
    doc: 'Not 0: two Path headers, for the socket that it leaves by and the one it came in on.',
  }),
  sockname_mode: intParam({ default: 0, doc: 'Not 0: Path carries the name of the socket.' }),
}

export const needs = { rr: optionalApi(rr), outbound: optionalApi(outbound) }

const user = optional(format('user'))
const parameters = optional(format('parameters'))

export default defineModule({
  name: 'path',
  doc: 'Puts this proxy into the way to a phone that registers through it (RFC 3327).',
  needs,
  params,
  instance: Path,
  functions: {
    add_path: fn({
      doc: 'Adds a Path header with our address.',
      args: [user, parameters],
      routes: REQUEST_ROUTE,
      kemi: 'add_path() add_path_user(str) add_path_user_params',
      run: addPath,
    }),
    add_path_received: fn({
      doc: 'The same, with the address that the request came from.',
      args: [user, parameters],
      routes: REQUEST_ROUTE,
      kemi: 'add_path_received() add_path_received_user(str) add_path_received_user_params',
      run: addPathReceived,
    }),
  },
})
