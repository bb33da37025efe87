// Everything benchmark offers to a config or an operator is named here.
import { benchmark } from '../../../rpc/contract/benchmark.ts'
import {
  BadValue,
  defineModule,
  eachParam,
  fn,
  format,
  intParam,
  variable,
} from '../../core/module/index.ts'
import { ANY_ROUTE } from '../../core/route-bits.ts'
import { Benchmark, logTimer, startTimer } from './benchmark.ts'
import * as rpc from './rpc.ts'

export const params = {
  enable: intParam({
    default: 0,
    min: -1,
    max: 1,
    doc: '0: no timer runs, 1: all do, -1: those that are switched on.',
  }),
  granularity: intParam({
    default: 1,
    min: 0,
    doc: 'Calls between two lines in the log; 0: none.',
  }),
  loglevel: intParam({ default: 3, min: -3, max: 4, doc: 'Level of those lines.' }),
  register: eachParam({
    doc: 'The name of a timer, to have it listed from the start.',
    parse: value => {
      if (String(value) === '') throw new BadValue('the name of a timer is expected')
      return String(value)
    },
  }),
}

const args = [format('timer')] as const

export default defineModule({
  name: 'benchmark',
  doc: 'Measures how long parts of a script take.',
  needs: {},
  params,
  instance: Benchmark,
  functions: {
    bm_start_timer: fn({ doc: 'Start a timer.', args, routes: ANY_ROUTE, run: startTimer }),
    bm_log_timer: fn({
      doc: 'Read a timer, and log what it measured now and then.',
      args,
      routes: ANY_ROUTE,
      run: logTimer,
    }),
  },
  pvars: {
    BM_time_diff: variable({
      doc: 'Microseconds that the last bm_log_timer() measured.',
      get: (self: Benchmark) => self.difference,
    }),
  },
  rpc: {
    contract: benchmark,
    handlers: {
      'benchmark.enable_global': rpc.enableAll,
      'benchmark.enable_timer': rpc.enableOne,
      'benchmark.granularity': rpc.setGranularity,
      'benchmark.loglevel': rpc.setLogLevel,
      'benchmark.timer_list': rpc.list,
      'benchmark.timer_name_list': rpc.one,
    },
  },
})
