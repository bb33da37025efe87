/** The surface of pike: every name that a config, an operator or another module can use. */
import { pike as contract } from '../../../rpc/contract/pike.ts'
import { counter, defineModule, fn, format, intParam } from '../../core/module/index.ts'
import { CORE_ONREPLY_ROUTE, REQUEST_ROUTE, TM_ONREPLY_ROUTE } from '../../core/route-bits.ts'
import { list } from './list.ts'
import { Pike } from './pike.ts'

export const params = {
  sampling_time_unit: intParam({ default: 2, min: 1, doc: 'Seconds of an interval.' }),
  reqs_density_per_unit: intParam({
    default: 30,
    min: 1,
    doc: 'Packets of an address in one interval that are too many.',
  }),
  remove_latency: intParam({
    default: 120,
    min: 1,
    doc: 'Seconds after its last packet in which an address is forgotten.',
  }),
  pike_log_level: intParam({
    default: 0,
    doc: 'Level of the lines in the log about addresses that are blocked and unblocked.',
  }),
}

export const stats = { blocked_ips: counter('Addresses that began to send too much.') }

const routes = REQUEST_ROUTE | TM_ONREPLY_ROUTE | CORE_ONREPLY_ROUTE

export default defineModule({
  name: 'pike',
  doc: 'Finds addresses that send too many packets.',
  needs: {},
  params,
  stats,
  instance: Pike,
  functions: {
    pike_check_req: fn({
      doc: 'Count this packet for the address that it is from. True: it does not send too much.',
      args: [],
      routes,
      run: (self: Pike, msg) => self.check(msg.received.srcIp),
    }),
    pike_check_ip: fn({
      doc: 'The same for another address.',
      args: [format('address')],
      routes,
      run: (self: Pike, _msg, address) => self.check(address),
    }),
  },
  timers: {
    clean: {
      doc: 'Forget addresses that do not send any more.',
      every: () => 1000,
      run: self => self.tree.clean(),
    },
    swap: {
      doc: 'Begin another interval.',
      every: self => self.config.sampling_time_unit * 1000,
      run: self => self.swap(),
    },
  },
  rpc: { contract, handlers: { 'pike.top': list, 'pike.list': list } },
})
