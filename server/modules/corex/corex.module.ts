/**
 * The surface of corex: functions about branches, sockets, sending and files that take variables.
 */
import { corex } from '../../../rpc/contract/corex.ts'
import { shm } from '../../../rpc/contract/shm.ts'
import type { CoreInstance } from '../../core/core.module.ts'
import {
  api,
  BadValue,
  defineModule,
  eachParam,
  intParam,
  keyed,
  pvarParam,
  strParam,
} from '../../core/module/index.ts'
import { Corex, readSubdomain } from './corex.ts'
import { readRecord } from './dns-cache.ts'
import { functions, kemi } from './functions.ts'
import { joinNetwork } from './network.ts'
import * as rpc from './rpc.ts'
import { getSocket, readQuery, socketTransformations } from './variables.ts'

export const params = {
  alias_subdomains: eachParam({
    doc: 'A domain that is ours with all its sub-domains: domain or proto:domain:port.',
    parse: readSubdomain,
  }),
  dns_cache: eachParam({
    doc: 'A record for the DNS cache: type=A;name=example.org;addr=10.0.0.1;ttl=60;flags=2.',
    parse: readRecord,
  }),
  evcb_reply_out: strParam({
    default: '',
    doc: 'Not empty: event_route[corex:reply-out], or this function of a script, sees replies.',
  }),
  nio_intercept: intParam({
    default: 0,
    doc: 'Not 0: event_route[network:msg] sees every packet.',
  }),
  nio_min_msg_len: intParam({ default: 0, min: 0, doc: 'The shortest packet that it sees.' }),
  nio_msg_avp: pvarParam({ doc: 'Where it leaves the changed packet.' }),
}

export const needs = { core: api<CoreInstance>('core') }

/**
 * Which line and block of the config: known when the config is compiled, so that no message pays
 * for it.
 */
const PLACES = ['line', 'name', 'file', 'route'] as const

export default defineModule({
  name: 'corex',
  doc: 'Functions of the core whose arguments may hold variables, sockets and memory by RPC.',
  needs,
  params,
  instance: Corex,
  functions,
  kemi,
  pvars: {
    cfg: keyed({
      doc: 'Where in the config it stands: line, name, file or route.',
      parse: inner => {
        const word = PLACES.find(known => known === inner.trim())
        if (word !== undefined) return word
        throw new BadValue(`${inner} is no part of a place`, PLACES.join(', '))
      },
      placed: (word, { file, line, route }) =>
        word === 'line' ? line : word === 'route' ? route : file,
      get: () => null,
    }),
    lsock: keyed({
      doc: 'An attribute of one of our sockets: $lsock(n/name/listen), also advertise and name.',
      parse: readQuery,
      get: (self: Corex, _msg, query) => getSocket(self, query),
    }),
  },
  events: {
    'network:msg': 'With nio_intercept: a packet came in, or is about to leave.',
    'corex:reply-out': 'With evcb_reply_out: a reply is about to leave.',
  },
  start: joinNetwork,
  transformations: { sock: socketTransformations },
  rpc: {
    contract: { ...corex, ...shm },
    handlers: {
      'corex.list_sockets': rpc.listSockets,
      'corex.list_aliases': rpc.listAliases,
      'corex.debug': rpc.debug,
      'corex.shm_status': rpc.memoryStatus,
      'corex.shm_summary': rpc.memorySummary,
      'corex.pkg_summary': rpc.packageSummary,
      'shm.info': rpc.memoryInfo,
      'shm.stats': rpc.memoryStats,
      'shm.report': rpc.memoryReport,
    },
  },
})
