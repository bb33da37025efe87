// Everything counters offers to a config or an operator is named here.
import { cnt } from '../../../rpc/contract/cnt.ts'
import { defineModule, eachParam, fn, format, int, strParam } from '../../core/module/index.ts'
import { ANY_ROUTE } from '../../core/route-bits.ts'
import { add, increment, reset } from './count.ts'
import { ScriptCounters, scriptCounter } from './counters.ts'
import * as rpc from './rpc.ts'

export const params = {
  script_cnt_grp_name: strParam({
    default: 'script',
    doc: 'Group of the script counters that name none.',
  }),
  script_counter: eachParam({
    doc: 'A counter for the script: name or group.name, a description may follow.',
    parse: scriptCounter,
  }),
}

export default defineModule({
  name: 'counters',
  doc: 'Counters for the routing script, and statistics by RPC.',
  needs: {},
  params,
  instance: ScriptCounters,
  functions: {
    cnt_inc: fn({
      doc: 'Add one to a script counter.',
      args: [format('name')],
      routes: ANY_ROUTE,
      kemi: 'inc',
      run: increment,
    }),
    cnt_add: fn({
      doc: 'Add a number to a script counter.',
      args: [format('name'), int('number')],
      routes: ANY_ROUTE,
      kemi: 'add',
      run: add,
    }),
    cnt_reset: fn({
      doc: 'Set a script counter back to 0.',
      args: [format('name')],
      routes: ANY_ROUTE,
      kemi: 'reset',
      run: reset,
    }),
  },
  rpc: {
    contract: cnt,
    handlers: {
      'cnt.get': rpc.get,
      'cnt.get_raw': rpc.getRaw,
      'cnt.get_vars': rpc.getAll,
      'cnt.grp_get_all': rpc.getAll,
      'cnt.list_groups': rpc.listGroups,
      'cnt.grps_list': rpc.listGroups,
      'cnt.list_vars': rpc.listNames,
      'cnt.var_list': rpc.listNames,
      'cnt.reset': rpc.reset,
      'cnt.help': rpc.help,
    },
  },
})
