/** The surface of ratelimit: every name that a config or an operator can use. */
import { rl as contract } from '../../../rpc/contract/rl.ts'
import { defineModule, eachParam, fn, int, intParam, optional } from '../../core/module/index.ts'
import { ANY_ROUTE } from '../../core/route-bits.ts'
import { RateLimit, readPipe, readQueue } from './ratelimit.ts'
import * as rpc from './rpc.ts'

export const params = {
  timer_interval: intParam({ default: 10, min: 1, doc: 'Seconds of an interval.' }),
  pipe: eachParam({
    doc: 'A pipe: number:ALGORITHM:limit.',
    parse: text => readPipe(String(text)),
  }),
  queue: eachParam({
    doc: 'A queue, which leads a method to a pipe: pipe:METHOD, or pipe:* for all others.',
    parse: text => readQueue(String(text)),
  }),
}

export default defineModule({
  name: 'ratelimit',
  doc: 'Limits traffic by methods, with pipes that the config names.',
  needs: {},
  params,
  instance: RateLimit,
  functions: {
    rl_check: fn({
      doc: 'Count a packet for the pipe of its method, or this one. True: it may pass.',
      args: [optional(int('pipe'))],
      routes: ANY_ROUTE,
      kemi: 'rl_check() rl_check_forced(int)',
      run: (self: RateLimit, msg, pipe) => (pipe === undefined ? self.check(msg) : self.push(pipe)),
    }),
    rl_check_pipe: fn({
      doc: 'Count a packet for this pipe. True: it may pass.',
      args: [int('pipe')],
      routes: ANY_ROUTE,
      run: (self: RateLimit, _msg, pipe) => self.push(pipe),
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
      'rl.stats': rpc.stats,
      'rl.get_pipes': rpc.getPipes,
      'rl.set_pipe': rpc.setPipe,
      'rl.get_queues': rpc.getQueues,
      'rl.set_queue': rpc.setQueue,
      'rl.get_pid': rpc.getPid,
      'rl.set_pid': rpc.setPid,
      'rl.push_load': rpc.pushLoad,
      'rl.set_dbg': rpc.setDebug,
    },
  },
})
