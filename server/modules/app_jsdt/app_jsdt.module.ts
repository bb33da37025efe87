// Everything app_jsdt offers to a config or an operator is named here.
import { appJsdt } from '../../../rpc/contract/app_jsdt.ts'
import { apiList } from '../../core/kemi/listing.ts'
import { defineModule, fn, format, intParam, optional, strParam } from '../../core/module/index.ts'
import { ANY_ROUTE } from '../../core/route-bits.ts'
import { AppJsdt } from './app_jsdt.ts'
import { doFile, doString, run, runString } from './functions.ts'
import { reload } from './rpc.ts'

export const params = {
  load: strParam({ default: '', doc: 'The script file: JavaScript, or TypeScript by its name.' }),
  mode: intParam({
    default: 1,
    doc: 'Not 0: scripts can require and import the files beside them.',
  }),
}

export default defineModule({
  name: 'app_jsdt',
  doc: 'Routing scripts in JavaScript and TypeScript.',
  needs: {},
  params,
  instance: AppJsdt,
  functions: {
    jsdt_run: fn({
      doc: 'Run a function of the loaded script.',
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
    jsdt_runstring: fn({
      doc: 'Run a text in the context of the loaded script.',
      args: [format('script')],
      routes: ANY_ROUTE,
      kemi: 'runstring',
      run: runString,
    }),
    jsdt_dostring: fn({
      doc: 'Run a text in a context of its own.',
      args: [format('script')],
      routes: ANY_ROUTE,
      kemi: 'dostring',
      run: doString,
    }),
    jsdt_dofile: fn({
      doc: 'Run a file in the context of jsdt_dostring.',
      args: [format('path')],
      routes: ANY_ROUTE,
      kemi: 'dofile',
      run: doFile,
    }),
  },
  rpc: {
    contract: appJsdt,
    handlers: {
      'app_jsdt.reload': reload,
      'app_jsdt.api_list': ({ core }: AppJsdt) => apiList(core.kemi),
    },
  },
  start: self => self.start(),
  stop: self => self.stop(),
})
