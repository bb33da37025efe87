/** The surface of auth_radius: every name that a config can use. */
import { filled } from '../../core/filled-argument.ts'
import { defineModule, fn, format, intParam, optional, strParam } from '../../core/module/index.ts'
import { REQUEST_ROUTE } from '../../core/route-bits.ts'
import { H_AUTHORIZATION, H_PROXY_AUTHORIZATION } from '../../sip/header-names.ts'
import { auth } from '../auth/api.ts'
import { AuthRadius } from './auth_radius.ts'

export const params = {
  radius_config: strParam({
    default: '/usr/local/etc/radiusclient-ng/radiusclient.conf',
    doc: 'Path of radiusclient.conf.',
  }),
  service_type: intParam({
    default: -1,
    min: -1,
    doc: 'Service-Type; -1 is Sip-Session of the dictionary.',
  }),
  auth_extra: strParam({ default: '', doc: 'More attributes: Name=$variable;Name=$variable.' }),
  use_ruri_flag: intParam({
    default: -1,
    min: -1,
    max: 31,
    doc: 'Message flag: the request URI counts, not the URI of the credentials; -1 is none.',
  }),
  radius_avps_mode: intParam({
    default: 0,
    doc: '0: SIP-AVP attributes of the answer become AVPs; 1: all attributes do.',
  }),
  append_realm_to_username: intParam({
    default: 1,
    doc: 'Not 0: a user without a domain is asked for as user@realm.',
  }),
}

export const needs = { auth }

const realm = filled(format('realm'))
const user = optional(format('uri_user'))

export default defineModule({
  name: 'auth_radius',
  doc: 'Authenticates users at RADIUS servers.',
  needs,
  params,
  instance: AuthRadius,
  functions: {
    radius_www_authorize: fn({
      doc: 'Show the Authorization of a request to a RADIUS server.',
      args: [realm, user],
      routes: REQUEST_ROUTE,
      waits: true,
      kemi: 'www_authorize(str) www_authorize_user(str, str)',
      run: (self: AuthRadius, msg, name, uriUser) =>
        self.authorize(msg, name, uriUser, H_AUTHORIZATION),
    }),
    radius_proxy_authorize: fn({
      doc: 'Show the Proxy-Authorization of a request to a RADIUS server.',
      args: [realm, user],
      routes: REQUEST_ROUTE,
      waits: true,
      kemi: 'proxy_authorize(str) proxy_authorize_user(str, str)',
      run: (self: AuthRadius, msg, name, uriUser) =>
        self.authorize(msg, name, uriUser, H_PROXY_AUTHORIZATION),
    }),
  },
  start: self => self.start(),
  stop: self => self.stop(),
})
