// Everything app_lua offers to a config or an operator is named here.
import { appLua } from '../../../rpc/contract/app_lua.ts'
import { apiList } from '../../core/kemi/listing.ts'
import { defineModule, eachParam, fn, format, intParam, optional } from '../../core/module/index.ts'
import { ANY_ROUTE } from '../../core/route-bits.ts'
import { AppLua } from './app_lua.ts'
import { doFile, doString, run, runString } from './functions.ts'
import { list, reload } from './rpc.ts'

export const params = {
  load: eachParam({ doc: 'A script file; may be given several times.', parse: String }),
  reload: intParam({ default: 1, doc: 'Not 0: app_lua.reload is allowed.' }),
  log_mode: intParam({ default: 0, doc: 'Bit 1: every call of KSR is logged at debug level.' }),
}

export default defineModule({
  name: 'app_lua',
  doc: 'Routing scripts in Lua.',
  needs: {},
  params,
  instance: AppLua,
  functions: {
    lua_run: fn({
      doc: 'Run a function of the loaded scripts.',
      args: [
        format('function'),
        optional(format('p1')),
        optional(format('p2')),
        optional(format('p3')),
      ],
      routes: ANY_ROUTE,
      waits: true,
      kemi: 'run(str) run_p1(str, str) run_p2(str, str, str) run_p3(str, str, str, str)',
      run,
    }),
    lua_runstring: fn({
      doc: 'Run a text in the state of the loaded scripts.',
      args: [format('script')],
      routes: ANY_ROUTE,
      kemi: 'runstring',
      run: runString,
    }),
    lua_dostring: fn({
      doc: 'Run a text in a state of its own.',
      args: [format('script')],
      routes: ANY_ROUTE,
      kemi: 'dostring',
      run: doString,
    }),
    lua_dofile: fn({
      doc: 'Run a file in the state of lua_dostring.',
      args: [format('path')],
      routes: ANY_ROUTE,
      kemi: 'dofile',
      run: doFile,
    }),
  },
  rpc: {
    contract: appLua,
    handlers: {
      'app_lua.list': list,
      'app_lua.reload': reload,
      'app_lua.api_list': ({ core }: AppLua) => apiList(core.kemi),
    },
  },
  start: self => self.start(),
  stop: self => self.stop(),
})
