/** The surface of keepalive: every name that a config, an operator or another module can use. */
import { keepalive as contract } from '../../../rpc/contract/keepalive.ts'
import { defineModule, eachParam, fn, format, intParam, strParam } from '../../core/module/index.ts'
import { ANY_ROUTE, BRANCH_ROUTE, ONREPLY_ROUTE, REQUEST_ROUTE } from '../../core/route-bits.ts'
import { tm } from '../tm/api.ts'
import {
  add,
  addDestination,
  del,
  deleteDestination,
  flush,
  get,
  isAlive,
  list,
} from './functions.ts'
import { DOWN_EVENT, Keepalive, UP_EVENT } from './keepalive.ts'

export const params = {
  ping_interval: intParam({ default: 30, min: 1, doc: 'Seconds between two pings.' }),
  destination: eachParam({ doc: 'A destination to watch from the start.', parse: String }),
  ping_from: strParam({
    default: 'sip:keepalive@kamailio.org',
    doc: 'URI in the From of pings.',
  }),
  delete_counter: intParam({
    default: 5,
    min: 0,
    doc: 'So many failures in a row end the pings to a destination; 0 is no limit.',
  }),
}

export const needs = { tm }

export default defineModule({
  name: 'keepalive',
  doc: 'Asks destinations by OPTIONS whether they are there.',
  needs,
  params,
  instance: Keepalive,
  functions: {
    ka_is_alive: fn({
      doc: 'Is the destination up (1) or down (2)?',
      args: [format('destination')],
      routes: ANY_ROUTE,
      kemi: 'is_alive',
      run: isAlive,
    }),
    ka_add_destination: fn({
      doc: 'Watches a destination from now on.',
      args: [format('sip_uri'), format('owner')],
      routes: REQUEST_ROUTE | BRANCH_ROUTE | ONREPLY_ROUTE,
      kemi: 'add_destination',
      run: addDestination,
    }),
    ka_del_destination: fn({
      doc: 'Watches a destination no longer.',
      args: [format('sip_uri'), format('owner')],
      routes: ANY_ROUTE,
      kemi: 'del_destination',
      run: deleteDestination,
    }),
  },
  events: {
    [UP_EVENT]: 'A destination answers that did not; $ru is its URI.',
    [DOWN_EVENT]: 'A destination does not answer any more; $ru is its URI.',
  },
  rpc: {
    contract,
    handlers: {
      'keepalive.list': list,
      'keepalive.add': add,
      'keepalive.del': del,
      'keepalive.get': get,
      'keepalive.flush': flush,
    },
  },
  start: self => self.start(),
  stop: self => self.removeAll(),
})
