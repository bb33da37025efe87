/** The surface of misc_radius: every name that a config can use. */
import { defineModule, fn, format, intParam, optional, strParam } from '../../core/module/index.ts'
import { BRANCH_ROUTE, FAILURE_ROUTE, LOCAL_ROUTE, REQUEST_ROUTE } from '../../core/route-bits.ts'
import { MiscRadius } from './misc_radius.ts'

const service = (what: string, value: string) =>
  intParam({
    default: -1,
    min: -1,
    doc: `Service-Type of questions about ${what}; -1 is ${value}.`,
  })
const extra = (what: string) =>
  strParam({ default: '', doc: `More attributes of questions about ${what}: Name=$variable;...` })

export const params = {
  radius_config: strParam({
    default: '/usr/local/etc/radiusclient-ng/radiusclient.conf',
    doc: 'Path of radiusclient.conf.',
  }),
  caller_service_type: service('callers', 'SIP-Caller-AVPs'),
  callee_service_type: service('callees', 'SIP-Callee-AVPs'),
  group_service_type: service('groups', 'Group-Check'),
  uri_service_type: service('URIs', 'Call-Check'),
  caller_extra: extra('callers'),
  callee_extra: extra('callees'),
  group_extra: extra('groups'),
  uri_extra: extra('URIs'),
  use_sip_uri_host: intParam({
    default: 0,
    doc: 'Not 0: the host of a URI is asked for in SIP-URI-Host, not behind the user.',
  }),
  common_response: intParam({
    default: 0,
    doc: '1: all attributes about callers and callees become AVPs of their names.',
  }),
}

const routes = REQUEST_ROUTE | FAILURE_ROUTE
const uriRoutes = REQUEST_ROUTE | LOCAL_ROUTE

export default defineModule({
  name: 'misc_radius',
  doc: 'Asks RADIUS servers about callers, callees, groups and URIs.',
  needs: {},
  params,
  instance: MiscRadius,
  functions: {
    radius_load_caller_avps: fn({
      doc: 'Load what is known of a caller into AVPs.',
      args: [format('caller')],
      routes,
      waits: true,
      kemi: 'load_caller_avps',
      run: (self: MiscRadius, msg, user) => self.load(msg, 'caller', user),
    }),
    radius_load_callee_avps: fn({
      doc: 'Load what is known of a callee into AVPs.',
      args: [format('callee')],
      routes,
      waits: true,
      kemi: 'load_callee_avps',
      run: (self: MiscRadius, msg, user) => self.load(msg, 'callee', user),
    }),
    radius_is_user_in: fn({
      doc: 'Is a user in a group?',
      args: [format('user'), format('group')],
      routes: routes | BRANCH_ROUTE | LOCAL_ROUTE,
      waits: true,
      kemi: 'is_user_in',
      run: (self: MiscRadius, msg, user, group) => self.isUserIn(msg, user, group),
    }),
    radius_does_uri_exist: fn({
      doc: 'Does a URI belong to a user? Without one, the request URI.',
      args: [optional(format('uri'))],
      routes: uriRoutes,
      waits: true,
      kemi: 'does_uri_exist() does_uri_exist_uval(str)',
      run: (self: MiscRadius, msg, uri) => self.doesUriExist(msg, uri),
    }),
    radius_does_uri_user_exist: fn({
      doc: 'Is there such a user? Without one, the one of the request URI.',
      args: [optional(format('user'))],
      routes: uriRoutes,
      waits: true,
      kemi: 'does_uri_user_exist() does_uri_user_exist_uval(str)',
      run: (self: MiscRadius, msg, user) => self.doesUserExist(msg, user),
    }),
  },
  start: self => self.start(),
  stop: self => self.stop(),
})
