/** The functions about the parts of URIs and contacts. */
import { fn, format, optional, writablePvar } from '../../../core/module/index.ts'
import { ANY_ROUTE, FAILURE_ROUTE, ONREPLY_ROUTE } from '../../../core/route-bits.ts'
import * as uris from '../uri-parts.ts'
import * as encoding from '../contact-encoding.ts'
import { ARRIVING, REQUESTS } from './routes.ts'

export const uriFunctions = {
  uri_param: fn({
    doc: 'Has the request URI this parameter, without value or with this one?',
    args: [format('param'), optional(format('value'))],
    routes: REQUESTS,
    kemi: 'uri_param(str) uri_param_value',
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

export const contactFunctions = {
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
