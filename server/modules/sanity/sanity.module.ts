/** The surface of sanity: every name that a config can use. */
import { defineModule, fn, int, intParam, optional, strParam } from '../../core/module/index.ts'
import { ANY_ROUTE } from '../../core/route-bits.ts'
import { sl } from '../sl/api.ts'
import { check, reply, Sanity } from './sanity.ts'

export const params = {
  default_checks: intParam({
    default: 3047,
    min: 1,
    max: 32767,
    doc: 'The checks that sanity_check makes when it is not told which.',
  }),
  uri_checks: intParam({
    default: 7,
    min: 1,
    max: 15,
    doc: 'The URIs that are read: 1 request URI, 2 From, 4 To, 8 Contact.',
  }),
  proxy_require: strParam({
    default: '',
    doc: 'The extensions that a Proxy-Require may ask for, separated by commas.',
  }),
  autodrop: intParam({
    default: 1,
    doc: 'Not 0: a message that fails ends the script; 0: sanity_check returns -1.',
  }),
  noreply: intParam({
    default: 0,
    doc: 'Not 0: nothing is answered until sanity_reply() is called.',
  }),
}

export default defineModule({
  name: 'sanity',
  doc: 'Checks that messages are well-formed SIP.',
  needs: { sl },
  params,
  instance: Sanity,
  functions: {
    sanity_check: fn({
      doc: 'Check the message; what is wrong is answered.',
      args: [optional(int('msg_checks')), optional(int('uri_checks'))],
      routes: ANY_ROUTE,
      kemi: 'sanity_check sanity_check_defaults()',
      run: check,
    }),
    sanity_reply: fn({
      doc: 'Send the answer that a failed check left behind.',
      args: [],
      routes: ANY_ROUTE,
      run: reply,
    }),
  },
})
