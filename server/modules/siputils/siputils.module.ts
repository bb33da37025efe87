/** The surface of siputils: every name that a config can use; most rows stand in functions/. */
import {
  defineModule,
  fn,
  format,
  intParam,
  optional,
  keyed,
  pvarParam,
  strParam,
} from '../../core/module/index.ts'
import { ANY_ROUTE } from '../../core/route-bits.ts'
import { sl } from '../sl/api.ts'
import { chargingVector, parseField, vectorField } from './charging.ts'
import { contactFunctions, uriFunctions } from './functions/changes.ts'
import { messageChecks, textChecks } from './functions/checks.ts'
import { ARRIVING, REQUESTS } from './functions/routes.ts'
import { appendRpid, optionsReply } from './identity.ts'
import { Siputils } from './siputils.ts'

export const params = {
  options_accept: strParam({ default: '*/*', doc: 'Accept in the answer to an OPTIONS.' }),
  options_accept_encoding: strParam({
    default: '',
    doc: 'Accept-Encoding in the answer to an OPTIONS.',
  }),
  options_accept_language: strParam({
    default: 'en',
    doc: 'Accept-Language in the answer to an OPTIONS.',
  }),
  options_support: strParam({ default: '', doc: 'Supported in the answer to an OPTIONS.' }),
  contact_flds_separator: strParam({
    default: '*',
    doc: 'Its first character separates the fields of an encoded contact.',
  }),
  rpid_prefix: strParam({ default: '', doc: 'What stands before the URI in Remote-Party-ID.' }),
  rpid_suffix: strParam({
    default: ';party=calling;id-type=subscriber;screen=yes',
    doc: 'What stands behind the URI in Remote-Party-ID.',
  }),
  rpid_avp: pvarParam({
    default: '$avp(s:rpid)',
    doc: 'Where authentication left the identity of the user.',
  }),
  ring_timeout: intParam({
    default: 0,
    live: true,
    onlyLive: true,
    liveMin: 1,
    doc: 'Nothing reads it, as in Kamailio.',
  }),
}

export default defineModule({
  name: 'siputils',
  doc: 'Questions about messages and URIs, and small changes of them.',
  needs: { sl },
  params,
  instance: Siputils,
  functions: {
    ...messageChecks,
    ...textChecks,
    ...uriFunctions,
    ...contactFunctions,
    options_reply: fn({
      doc: 'Answer an OPTIONS for this node with what it can do.',
      args: [],
      routes: ARRIVING,
      run: optionsReply,
    }),
    append_rpid_hf: fn({
      doc: 'Add Remote-Party-ID with the identity found by authentication.',
      args: [optional(format('prefix')), optional(format('suffix'))],
      routes: REQUESTS,
      run: appendRpid,
    }),
    sip_p_charging_vector: fn({
      doc: 'Manage P-Charging-Vector: r remove, g generate, f both.',
      args: [format('flags')],
      routes: ANY_ROUTE,
      run: chargingVector,
    }),
  },
  pvars: {
    pcv: keyed({
      doc: 'Fields of P-Charging-Vector: all, value, genaddr, orig, term.',
      parse: parseField,
      get: vectorField,
    }),
  },
})
