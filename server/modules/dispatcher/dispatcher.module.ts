/** The surface of dispatcher: every name that a config, an operator or another module can use. */
import { dispatcher as contract } from '../../../rpc/contract/dispatcher.ts'
import { dispatcher as table } from '../../core/db/tables/dispatcher.ts'
import {
  defineModule,
  fn,
  format,
  int,
  optional,
  optionalApi,
  text,
} from '../../core/module/index.ts'
import { ANY_ROUTE, FAILURE_ROUTE, ONREPLY_ROUTE, REQUEST_ROUTE } from '../../core/route-bits.ts'
import { tm } from '../tm/api.ts'
import { Dispatcher, DOWN_EVENT, UP_EVENT } from './dispatcher.ts'
import { isFromList } from './from-list.ts'
import * as run from './functions.ts'
import { AT_EACH_USE, BY_TIMER, lookUpAll } from './load.ts'
import { params as ownParams } from './params.ts'
import * as rpc from './rpc.ts'
import { dsv } from './variables.ts'

export const params = ownParams
export const needs = { tm: optionalApi(tm) }

const set = int('set')
const routes = REQUEST_ROUTE | FAILURE_ROUTE
const selectArgs = [set, int('algorithm'), optional(int('limit'))] as const

const selection = {
  ds_select: fn({
    doc: 'Choose a destination of a set and keep it and the others in the xavp, no more.',
    args: selectArgs,
    routes: ANY_ROUTE,
    kemi: 'ds_select(int, int) ds_select_limit(int, int, int)',
    run: run.select,
  }),
  ds_select_dst: fn({
    doc: 'Choose a destination of a set as the next hop.',
    args: selectArgs,
    routes,
    kemi: 'ds_select_dst(int, int) ds_select_dst_limit(int, int, int)',
    run: run.selectDst,
  }),
  ds_select_domain: fn({
    doc: 'Choose a destination of a set as host and port of the request URI.',
    args: selectArgs,
    routes,
    kemi: 'ds_select_domain(int, int) ds_select_domain_limit(int, int, int)',
    run: run.selectDomain,
  }),
  ds_select_routes: fn({
    doc: 'Choose destinations of several sets: "1=4;2=8" are sets with their algorithms.',
    args: [format('rules'), format('mode'), optional(int('limit'))],
    routes,
    kemi: 'ds_select_routes(str, str) ds_select_routes_limit(str, str, int)',
    run: run.selectRoutes,
  }),
  ds_next_dst: fn({
    doc: 'The next destination that was kept becomes the next hop.',
    args: [],
    routes,
    run: run.nextDst,
  }),
  ds_next_domain: fn({
    doc: 'The next destination that was kept becomes host and port of the request URI.',
    args: [],
    routes,
    run: run.nextDomain,
  }),
  ds_set_dst: fn({
    doc: 'The first destination that was kept becomes the next hop.',
    args: [],
    routes,
    run: run.setDst,
  }),
  ds_set_domain: fn({
    doc: 'The first destination that was kept becomes host and port of the request URI.',
    args: [],
    routes,
    run: run.setDomain,
  }),
}

const states = {
  ds_mark_dst: fn({
    doc: 'Give the destination in force another state: a, i, t, d, and p for probed.',
    args: [optional(text('state'))],
    routes: routes | ONREPLY_ROUTE,
    kemi: 'ds_mark_dst() ds_mark_dst_state(str)',
    run: run.markDst,
  }),
  ds_is_active: fn({
    doc: 'Is a destination of the set up, this one or any?',
    args: [set, optional(format('uri'))],
    routes: ANY_ROUTE,
    kemi: 'ds_is_active(int) ds_is_active_uri(int, str)',
    run: run.isActive,
  }),
  ds_is_from_list: fn({
    doc: 'Is the sender, or a URI, a destination of a set, or of any?',
    args: [optional(set), optional(int('mode')), optional(format('uri'))],
    routes: ANY_ROUTE,
    waits: true,
    // A URI may have a name for a host, and so may destinations that are looked up at each use.
    waitsWhen: (param, given) =>
      given > 2 || (Number(param('dispatcher', 'ds_dns_mode') ?? 1) & AT_EACH_USE) !== 0,
    kemi:
      'ds_is_from_lists() ds_is_from_list(int) ds_is_from_list_mode(int, int) ' +
      'ds_is_from_list_uri(int, int, str)',
    run: isFromList,
  }),
  ds_list_exists: fn({
    doc: 'Is there such a set?',
    args: [set],
    routes: ANY_ROUTE,
    run: run.listExists,
  }),
  ds_list_exist: fn({
    doc: 'The same, by its old name.',
    args: [set],
    routes: ANY_ROUTE,
    kemi: '',
    run: run.listExists,
  }),
  ds_load_update: fn({
    doc: 'Note what this message does to the calls of its destination.',
    args: [],
    routes: ANY_ROUTE,
    run: run.loadUpdate,
  }),
  ds_load_unset: fn({
    doc: 'The call is not at its destination any more.',
    args: [],
    routes: ANY_ROUTE,
    run: run.loadUnset,
  }),
  ds_reload: fn({
    doc: 'Load the list anew.',
    args: [],
    routes: ANY_ROUTE,
    waits: true,
    run: run.reload,
  }),
}

export default defineModule({
  name: 'dispatcher',
  doc: 'Spreads requests over sets of destinations and watches whether they are there.',
  needs,
  params,
  instance: Dispatcher,
  functions: { ...selection, ...states },
  pvars: { dsv },
  timers: {
    ping: {
      doc: 'Ask destinations whether they are there.',
      every: self => self.config.ds_ping_interval * 1000,
      run: self => self.probe.pingAll(),
    },
    sweep: {
      doc: 'Take calls off the load that are over.',
      every: self => (self.load === null ? 0 : self.config.ds_hash_check_interval * 1000),
      run: self => self.sweepLoad(),
    },
    names: {
      doc: 'Ask for the addresses of destinations again.',
      every: ({ config }) =>
        (config.ds_dns_mode & BY_TIMER) === 0 ? 0 : config.ds_dns_interval * 1000,
      run: lookUpAll,
    },
  },
  events: {
    [UP_EVENT]: 'A destination is up again; $ru is its URI.',
    [DOWN_EVENT]: 'A destination is down; $ru is its URI.',
  },
  rpc: {
    contract,
    handlers: {
      'dispatcher.reload': rpc.reload,
      'dispatcher.list': rpc.list,
      'dispatcher.set_state': rpc.setState,
      'dispatcher.set_duid_state': rpc.setDuidState,
      'dispatcher.ping_active': rpc.pingActive,
      'dispatcher.add': rpc.add,
      'dispatcher.remove': rpc.remove,
      'dispatcher.hash': rpc.hash,
    },
  },
  tables: [table],
  start: self => self.start(),
})
