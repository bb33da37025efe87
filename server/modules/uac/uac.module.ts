/** The surface of uac: every name that a config, an operator or another module can use. */
import { uac as contract } from '../../../rpc/contract/uac.ts'
import { uacreg } from '../../core/db/tables/uac.ts'
import {
  BadValue,
  defineModule,
  fn,
  format,
  gauge,
  int,
  keyed,
  optional,
  optionalApi,
  writablePvar,
} from '../../core/module/index.ts'
import { ANY_ROUTE, BRANCH_ROUTE, FAILURE_ROUTE, REQUEST_ROUTE } from '../../core/route-bits.ts'
import { dialog } from '../dialog/api.ts'
import { rr } from '../rr/api.ts'
import { tm } from '../tm/api.ts'
import { authenticate } from './auth.ts'
import { params } from './params.ts'
import { renewAll } from './register.ts'
import { DISABLED, ONLINE } from './registration.ts'
import { handlers } from './registration-commands.ts'
import * as registrations from './registration-functions.ts'
import { replaceFrom, replaceTo } from './replace.ts'
import { isValueName, readValue, sendRequest, writeValue } from './request.ts'
import { restoreFrom, restoreTo } from './restore.ts'
import { Uac } from './uac.ts'

export const needs = { tm, rr: optionalApi(rr), dialog: optionalApi(dialog) }

const REPLACING = REQUEST_ROUTE | BRANCH_ROUTE
const uriOrNameAndUri = [format('uri or display'), optional(format('uri'))] as const

function valueName(inner: string): string {
  if (!isValueName(inner)) throw new BadValue(`unknown uac_req name ${inner}`)
  return inner
}

export default defineModule({
  name: 'uac',
  doc: 'Is a client itself: other From and To, credentials, requests, registrations elsewhere.',
  needs,
  params,
  instance: Uac,
  functions: {
    uac_replace_from: fn({
      doc: 'Puts another URI, or display name and URI, into From.',
      args: uriOrNameAndUri,
      routes: REPLACING,
      kemi: 'uac_replace_from_uri(str) uac_replace_from(str, str)',
      run: replaceFrom,
    }),
    uac_replace_to: fn({
      doc: 'Puts another URI, or display name and URI, into To.',
      args: uriOrNameAndUri,
      routes: REPLACING,
      kemi: 'uac_replace_to_uri(str) uac_replace_to(str, str)',
      run: replaceTo,
    }),
    uac_restore_from: fn({
      doc: 'Puts the From URI back that the other side knows.',
      args: [],
      routes: REQUEST_ROUTE,
      run: restoreFrom,
    }),
    uac_restore_to: fn({
      doc: 'Puts the To URI back that the other side knows.',
      args: [],
      routes: REQUEST_ROUTE,
      run: restoreTo,
    }),
    uac_auth: fn({
      doc: 'Answers the challenge of the failed branch; mode 1: the password is a hash.',
      args: [optional(int('mode'))],
      routes: FAILURE_ROUTE,
      kemi: 'uac_auth()',
      run: authenticate,
    }),
    uac_auth_mode: fn({
      doc: 'The same.',
      args: [int('mode')],
      routes: FAILURE_ROUTE,
      run: authenticate,
    }),
    uac_req_send: fn({
      doc: 'Sends the request that $uac_req(...) describes.',
      args: [],
      routes: ANY_ROUTE,
      run: sendRequest,
    }),
    uac_reg_lookup: fn({
      doc: 'Puts the local URI of a registration into a variable.',
      args: [format('uuid'), writablePvar('dst')],
      routes: ANY_ROUTE,
      run: registrations.lookup,
    }),
    uac_reg_lookup_uri: fn({
      doc: 'Puts the uuid of the registration of a local URI into a variable.',
      args: [format('uri'), writablePvar('dst')],
      routes: ANY_ROUTE,
      run: registrations.lookupUri,
    }),
    uac_reg_status: fn({
      doc: 'Says how a registration stands.',
      args: [format('uuid')],
      routes: ANY_ROUTE,
      run: registrations.status,
    }),
    uac_reg_request_to: fn({
      doc: 'Sends the request to where a registration is, with its credentials.',
      args: [format('user'), int('mode')],
      routes: REQUEST_ROUTE | FAILURE_ROUTE | BRANCH_ROUTE,
      run: registrations.requestTo,
    }),
    uac_reg_enable: fn({
      doc: 'Switches a registration on.',
      args: [format('attr'), format('val')],
      routes: ANY_ROUTE,
      run: registrations.enable,
    }),
    uac_reg_disable: fn({
      doc: 'Switches a registration off.',
      args: [format('attr'), format('val')],
      routes: ANY_ROUTE,
      run: registrations.disable,
    }),
    uac_reg_refresh: fn({
      doc: 'Reads a registration anew from the database.',
      args: [format('luuid')],
      routes: ANY_ROUTE,
      waits: true,
      run: registrations.refresh,
    }),
  },
  pvars: {
    uac_req: keyed({
      doc: 'Part of the request that uac_req_send() sends.',
      parse: valueName,
      get: readValue,
      set: writeValue,
    }),
  },
  stats: {
    regtotal: gauge('Total number of registration accounts in memory', (self: Uac) => {
      return self.registrations.size
    }),
    regactive: gauge('Number of successfully registered accounts (200 OK)', (self: Uac) =>
      self.registrations.count(ONLINE),
    ),
    regdisabled: gauge('Counter of failed registrations (not 200 OK)', (self: Uac) =>
      self.registrations.count(DISABLED),
    ),
  },
  timers: {
    renew: {
      doc: 'Sends the registrations that are due.',
      every: self => (self.registers ? self.config.reg_timer_interval * 1000 : 0),
      run: renewAll,
    },
  },
  events: { 'uac:reply': 'A request of uac_req_send() with $uac_req(evroute) has its reply.' },
  rpc: { contract, handlers },
  tables: [uacreg],
  start: self => self.start(),
})
