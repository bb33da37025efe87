/** The surface of rr: every name that a config, an operator or another module can use. */
import {
  BadValue,
  computed,
  defineModule,
  fn,
  format,
  int,
  intParam,
  keyed,
  literal,
  optional,
  optionalApi,
  pvarParam,
  variable,
} from '../../core/module/index.ts'
import { ANY_ROUTE, BRANCH_ROUTE, FAILURE_ROUTE, REQUEST_ROUTE } from '../../core/route-bits.ts'
import { compileRegex, IGNORE_CASE, LINES } from '../../core/regex.ts'
import { outbound } from '../outbound/api.ts'
import {
  checkRouteParam,
  direction,
  directionAttribute,
  initialFromTag,
  initialToTag,
  isDirection,
  nextHopRoute,
  readDirection,
  routeUri,
} from './direction.ts'
import { looseRoute, looseRouteMode, looseRoutePreloaded } from './loose.ts'
import {
  addRouteParam,
  recordRoute,
  recordRouteAdvertisedAddress,
  recordRoutePreset,
  removeRecordRoute,
} from './record.ts'
import { RecordRoute } from './rr.ts'

/** Flows of phones (RFC 5626), when outbound is loaded. */
export const needs = { outbound: optionalApi(outbound) }

export const params = {
  append_fromtag: intParam({
    default: 1,
    doc: 'Not 0: Record-Route carries the From tag of whoever began the dialog.',
  }),
  enable_double_rr: intParam({
    default: 1,
    min: 0,
    max: 2,
    doc: '1: two Record-Routes when the request leaves by another socket; 2: always two; 0: never.',
  }),
  enable_full_lr: intParam({ default: 0, doc: 'Not 0: write ;lr=on instead of ;lr.' }),
  add_username: intParam({ default: 0, doc: 'Not 0: Record-Route carries a user part.' }),
  enable_socket_mismatch_warning: intParam({
    default: 1,
    doc: 'Not 0: warn when the second of two Record-Routes is not ours.',
  }),
  custom_user_avp: pvarParam({
    doc: 'Variable with that user part; without it the user of the request URI.',
  }),
  force_send_socket: intParam({
    default: 0,
    doc: 'Not 0: a single route of ours also decides the socket to send from.',
  }),
  ignore_sips: intParam({
    default: 0,
    doc: 'Not 0: write sip: even for a request to a sips: URI.',
  }),
  sockname_mode: intParam({
    default: 0,
    doc: 'Not 0: Record-Route carries the name of the socket.',
  }),
}

const ROUTES = REQUEST_ROUTE | FAILURE_ROUTE | BRANCH_ROUTE

const regex = (text: string): RegExp => {
  if (text === '') throw new BadValue('an empty expression matches everything')
  return compileRegex(text, IGNORE_CASE | LINES)
}

export default defineModule({
  name: 'rr',
  doc: 'Keeps the proxy in the way of a dialog, and routes by Route headers.',
  needs,
  params,
  instance: RecordRoute,
  functions: {
    loose_route: fn({
      doc: 'Takes our own routes off and finds the next hop.',
      args: [],
      routes: REQUEST_ROUTE,
      run: looseRoute,
    }),
    loose_route_mode: fn({
      doc: 'The same; with 1 the request URI is not taken for a route of ours.',
      args: [int('mode')],
      routes: REQUEST_ROUTE,
      run: looseRouteMode,
    }),
    loose_route_preloaded: fn({
      doc: 'The same; true when the request begins something and had our route only.',
      args: [],
      routes: REQUEST_ROUTE,
      run: looseRoutePreloaded,
    }),
    record_route: fn({
      doc: 'Adds Record-Route with our address.',
      args: [optional(format('params'))],
      routes: ROUTES,
      kemi: 'record_route() record_route_params(str)',
      run: recordRoute,
    }),
    record_route_preset: fn({
      doc: 'Adds Record-Route with the given address; a second one for the other side.',
      args: [format('address'), optional(format('second'))],
      routes: ROUTES,
      kemi: 'record_route_preset_one(str) record_route_preset',
      run: recordRoutePreset,
    }),
    record_route_advertised_address: fn({
      doc: 'Adds Record-Route with the given address and the transports in use.',
      args: [format('address')],
      routes: ROUTES,
      run: recordRouteAdvertisedAddress,
    }),
    remove_record_route: fn({
      doc: 'Takes back what the record_route functions added.',
      args: [],
      routes: REQUEST_ROUTE | FAILURE_ROUTE,
      run: removeRecordRoute,
    }),
    add_rr_param: fn({
      doc: 'Adds a parameter to our Record-Route, made before or after.',
      args: [format('param')],
      routes: ROUTES,
      run: addRouteParam,
    }),
    check_route_param: fn({
      doc: 'Do the parameters of our route match this expression?',
      args: [computed(literal('expression', regex))],
      routes: REQUEST_ROUTE,
      run: checkRouteParam,
    }),
    is_direction: fn({
      doc: 'Does the request go downstream (caller to callee) or upstream?',
      args: [literal('direction', direction)],
      routes: REQUEST_ROUTE,
      run: isDirection,
    }),
    rr_next_hop_route: fn({
      doc: 'Is the next hop a Route behind ours?',
      args: [],
      routes: ANY_ROUTE,
      kemi: 'next_hop_route',
      run: nextHopRoute,
    }),
  },
  pvars: {
    route_uri: variable({ doc: 'URI of the first Route.', get: routeUri }),
    rdir: keyed({
      doc: 'Direction of the request: id is 1 or 2, name downstream or upstream.',
      parse: directionAttribute,
      get: readDirection,
    }),
    fti: variable({ doc: 'Tag of whoever began the dialog.', get: initialFromTag }),
    tti: variable({ doc: 'Tag of the other side.', get: initialToTag }),
  },
})
