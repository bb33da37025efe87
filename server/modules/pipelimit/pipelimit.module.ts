/** The surface of pipelimit: every name that a config or an operator can use. */
import { pl as contract } from '../../../rpc/contract/pl.ts'
import { DEFAULT_DB_URL } from '../../core/db/default-url.ts'
import { plPipes } from '../../core/db/tables/pipelimit.ts'
import {
  defineModule,
  fn,
  format,
  int,
  intParam,
  optional,
  strParam,
} from '../../core/module/index.ts'
import {
  ANY_ROUTE,
  BRANCH_ROUTE,
  FAILURE_ROUTE,
  ONSEND_ROUTE,
  REQUEST_ROUTE,
} from '../../core/route-bits.ts'
import { sl } from '../sl/api.ts'
import { PipeLimit } from './pipelimit.ts'
import * as rpc from './rpc.ts'

export const params = {
  timer_interval: intParam({ default: 10, min: 1, doc: 'Seconds of an interval.' }),
  timer_mode: intParam({ default: 0, doc: 'Which process counts; here it is one timer.' }),
  reply_code: intParam({ default: 503, doc: 'Status of pl_drop.' }),
  reply_reason: strParam({ default: 'Server Unavailable', doc: 'Reason of pl_drop.' }),
  db_url: strParam({
    default: DEFAULT_DB_URL,
    doc: 'The database with the pipes; empty, or unset and without its driver: none.',
  }),
  plp_table_name: strParam({ default: 'pl_pipes', doc: 'Its table.' }),
  plp_pipeid_column: strParam({ default: 'pipeid', doc: 'Column of the name.' }),
  plp_limit_column: strParam({ default: 'plimit', doc: 'Column of the limit.' }),
  plp_algorithm_column: strParam({ default: 'algorithm', doc: 'Column of the algorithm.' }),
  hash_size: intParam({
    default: 6,
    min: 1,
    max: 16,
    doc: 'Kamailio has 2^hash_size slots; here lists are in their order.',
  }),
  load_fetch: intParam({ default: 1, doc: '0: the load of processors and network is not asked.' }),
  clean_unused: intParam({
    default: 0,
    doc: 'A pipe without packets for so many intervals is forgotten; 0: never.',
  }),
}

export const needs = { sl }

export default defineModule({
  name: 'pipelimit',
  doc: 'Limits traffic by pipes that a script or a table makes.',
  needs,
  params,
  instance: PipeLimit,
  functions: {
    pl_check: fn({
      doc: 'Count a packet for a pipe. True: it may pass.',
      args: [format('pipe'), optional(format('algorithm')), optional(int('limit'))],
      routes: ANY_ROUTE,
      kemi: 'pl_check(str) pl_check_limit(str, str, int)',
      run: (self: PipeLimit, _msg, pipe, algorithm, limit) =>
        algorithm === undefined ? self.check(pipe) : self.checkLimit(pipe, algorithm, limit ?? 0),
    }),
    pl_active: fn({
      doc: 'Is there such a pipe?',
      args: [format('pipe')],
      routes: ANY_ROUTE,
      run: (self: PipeLimit, _msg, pipe) => self.isActive(pipe),
    }),
    pl_drop: fn({
      doc: 'Answer 503, with a Retry-After of so many seconds.',
      args: [optional(int('seconds')), optional(int('most'))],
      routes: REQUEST_ROUTE | FAILURE_ROUTE | BRANCH_ROUTE | ONSEND_ROUTE,
      kemi: 'pl_drop() pl_drop_retry(int) pl_drop_range(int, int)',
      run: (self: PipeLimit, msg, seconds, most) => self.drop(msg, seconds, most),
    }),
  },
  timers: {
    interval: {
      doc: 'Begin another interval.',
      every: self => self.config.timer_interval * 1000,
      run: self => self.next(),
    },
  },
  rpc: {
    contract,
    handlers: {
      'pl.stats': rpc.stats,
      'pl.list': rpc.list,
      'pl.get_pipes': rpc.getPipes,
      'pl.set_pipe': rpc.setPipe,
      'pl.get_pid': rpc.getPid,
      'pl.set_pid': rpc.setPid,
      'pl.push_load': rpc.pushLoad,
    },
  },
  tables: [plPipes],
  start: self => self.start(),
})
