/** The surface of siputils: every name that a config can use. */
import {
  ANY_ROUTE,
  BRANCH_FAILURE_ROUTE,
  BRANCH_ROUTE,
  defineModule,
  EVENT_ROUTE,
  FAILURE_ROUTE,
  fn,
  format,
  int,
  keyed,
  LOCAL_ROUTE,
  ONREPLY_ROUTE,
  optional,
  pvarParam,
  REQUEST_ROUTE,
  strParam,
  writablePvar,
} from '../../core/module.ts'
import { sl } from '../sl/api.ts'
import { chargingVector, parseField, vectorField } from './charging.ts'
import * as compare from './compare.ts'
import * as encoding from './contact-encoding.ts'
import { appendRpid, optionsReply } from './identity.ts'
import * as message from './message-checks.ts'
import { Siputils } from './siputils.ts'
import * as check from './text-checks.ts'
import * as uris from './uri-parts.ts'

const ARRIVING = REQUEST_ROUTE | EVENT_ROUTE | LOCAL_ROUTE | BRANCH_FAILURE_ROUTE
const REQUESTS = ARRIVING | FAILURE_ROUTE | BRANCH_ROUTE

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
}

const messageChecks = {
  is_request: fn({
    doc: 'Is the message a request?',
    args: [],
    routes: ANY_ROUTE,
    run: message.isRequest,
  }),
  is_reply: fn({
    doc: 'Is the message a reply?',
    args: [],
    routes: ANY_ROUTE,
    run: message.isReply,
  }),
  has_totag: fn({
    doc: 'Has To a tag: is the request one inside a dialog?',
    args: [],
    routes: ANY_ROUTE,
    run: message.hasToTag,
  }),
  is_supported: fn({
    doc: 'Does Supported name this extension?',
    args: [format('option')],
    routes: ANY_ROUTE,
    run: message.isSupported,
  }),
  is_first_hop: fn({
    doc: 'Did the message come from its sender directly?',
    args: [optional(int('mode'))],
    routes: ANY_ROUTE,
    run: message.isFirstHop,
  }),
  hdr_date_check: fn({
    doc: 'Is Date no more than this many seconds old?',
    args: [int('tdiff')],
    routes: ANY_ROUTE,
    run: message.checkDate,
  }),
  is_user: fn({
    doc: 'Are the authorized credentials those of this user?',
    args: [format('username')],
    routes: ARRIVING,
    run: message.isUser,
  }),
}

const value = [format('tval')] as const

const textChecks = {
  is_e164: fn({
    doc: 'Is it a + and digits?',
    args: value,
    routes: ARRIVING | FAILURE_ROUTE,
    run: check.isE164,
  }),
  is_uri_user_e164: fn({
    doc: 'Is the user part of a URI a + and digits?',
    args: value,
    routes: ANY_ROUTE,
    run: check.isUserE164,
  }),
  is_rpid_user_e164: fn({
    doc: 'Is the user part of the identity found by authentication a + and digits?',
    args: [],
    routes: ARRIVING,
    run: check.isRpidUserE164,
  }),
  is_uri: fn({ doc: 'Is it a URI?', args: value, routes: ANY_ROUTE, run: check.isUriText }),
  is_tel_number: fn({
    doc: 'Is it digits, with or without a +?',
    args: value,
    routes: ANY_ROUTE,
    run: check.isTelNumber,
  }),
  is_numeric: fn({ doc: 'Is it digits?', args: value, routes: ANY_ROUTE, run: check.isNumeric }),
  is_alphanum: fn({
    doc: 'Is it letters and digits?',
    args: value,
    routes: ANY_ROUTE,
    run: check.isAlphanum,
  }),
  is_alphanumex: fn({
    doc: 'Is it letters, digits and characters of eset?',
    args: [format('tval'), format('eset')],
    routes: ANY_ROUTE,
    run: check.isAlphanumOr,
  }),
  is_gruu: fn({
    doc: 'Is it a GRUU? 1 public, 2 temporary.',
    args: [optional(format('uri'))],
    routes: ANY_ROUTE,
    run: check.isGruu,
  }),
  cmp_uri: fn({
    doc: 'Are two URIs equivalent?',
    args: [format('str1'), format('str2')],
    routes: ANY_ROUTE,
    run: compare.compareUris,
  }),
  cmp_aor: fn({
    doc: 'Are two URIs the same address of record?',
    args: [format('str1'), format('str2')],
    routes: ANY_ROUTE,
    run: compare.compareAors,
  }),
  cmp_hdr_name: fn({
    doc: 'Are two names of headers the same?',
    args: [format('str1'), format('str2')],
    routes: ANY_ROUTE,
    run: compare.compareHeaderNames,
  }),
}

const uriFunctions = {
  uri_param: fn({
    doc: 'Has the request URI this parameter, without value or with this one?',
    args: [format('param'), optional(format('value'))],
    routes: REQUESTS,
    run: uris.hasParam,
  }),
  uri_param_any: fn({
    doc: 'Has the request URI this parameter?',
    args: [format('param')],
    routes: REQUESTS,
    run: uris.hasAnyParam,
  }),
  get_uri_param: fn({
    doc: 'Put the value of a parameter of the request URI into a variable.',
    args: [format('name'), writablePvar('var')],
    routes: ARRIVING,
    run: uris.getParam,
  }),
  add_uri_param: fn({
    doc: 'Add a parameter to the request URI.',
    args: [format('param')],
    routes: ARRIVING,
    run: uris.addParam,
  }),
  uri_param_rm: fn({
    doc: 'Remove a parameter from the request URI.',
    args: [format('param')],
    routes: REQUESTS,
    run: uris.removeParam,
  }),
  tel2sip: fn({
    doc: 'Turn a tel URI into a SIP URI.',
    args: [format('uri'), format('hostpart'), writablePvar('result')],
    routes: REQUESTS | ONREPLY_ROUTE,
    run: uris.telToSip,
  }),
  set_uri_user: fn({
    doc: 'Set the user part of the URI in a variable.',
    args: [writablePvar('uri'), format('user')],
    routes: ANY_ROUTE,
    run: uris.setUser,
  }),
  set_uri_host: fn({
    doc: 'Set the host of the URI in a variable.',
    args: [writablePvar('uri'), format('host')],
    routes: ANY_ROUTE,
    run: uris.setHost,
  }),
}

const contactFunctions = {
  encode_contact: fn({
    doc: 'Put the URIs of all contacts into the user part of a URI of ours.',
    args: [format('encoding_prefix'), format('hostpart')],
    routes: ARRIVING | ONREPLY_ROUTE,
    run: encoding.encodeContact,
  }),
  decode_contact: fn({
    doc: 'Make the request URI what it was before encode_contact.',
    args: [],
    routes: ARRIVING,
    run: encoding.decodeContact,
  }),
  decode_contact_header: fn({
    doc: 'Make the URIs of all contacts what they were before encode_contact.',
    args: [],
    routes: ARRIVING | FAILURE_ROUTE | ONREPLY_ROUTE,
    run: encoding.decodeContactHeader,
  }),
  contact_param_encode: fn({
    doc: 'Put the URIs of all contacts into a parameter of a URI of ours.',
    args: [format('pname'), format('saddr')],
    routes: ARRIVING | ONREPLY_ROUTE,
    run: encoding.encodeIntoParam,
  }),
  contact_param_decode: fn({
    doc: 'Make the URIs of all contacts what they were before contact_param_encode.',
    args: [format('pname')],
    routes: ARRIVING | ONREPLY_ROUTE,
    run: encoding.decodeFromParam,
  }),
  contact_param_decode_ruri: fn({
    doc: 'Make the request URI what it was before contact_param_encode.',
    args: [format('pname')],
    routes: ARRIVING,
    run: encoding.decodeUriFromParam,
  }),
  contact_param_rm: fn({
    doc: 'Remove a parameter from the URIs of all contacts.',
    args: [format('pname')],
    routes: ARRIVING | ONREPLY_ROUTE,
    run: encoding.removeContactParam,
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
