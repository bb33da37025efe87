/** The surface of kex: flags, the next hop, statistics and memory by RPC. */
import { mod } from '../../../rpc/contract/mod.ts'
import { pkg } from '../../../rpc/contract/pkg.ts'
import { stats } from '../../../rpc/contract/stats.ts'
import {
  type ConfigFunction,
  computed,
  defineModule,
  fn,
  format,
  int,
  optional,
  text,
  variable,
  writablePvar,
} from '../../core/module/index.ts'
import { ANY_ROUTE } from '../../core/route-bits.ts'
import * as flags from './flags.ts'
import * as functions from './functions.ts'
import { Kex } from './kex.ts'
import { moduleStats, packageInfo, packageStats } from './rpc-memory.ts'
import {
  clearStatistics,
  fetch,
  fetchNumbers,
  getStatistics,
  resetStatistics,
} from './rpc-stats.ts'

type Row = ConfigFunction<Kex>

const onFlag = (doc: string, run: typeof flags.setScriptFlag): Row =>
  fn({ doc, args: [int('flag')], routes: ANY_ROUTE, run })
const onBranchFlag = (doc: string, run: typeof flags.setBranchFlag): Row =>
  fn({ doc, args: [int('flag'), optional(int('branch'))], routes: ANY_ROUTE, run })

const printf: Row = fn({
  doc: 'Evaluate a format into a variable.',
  args: [writablePvar('var'), format('str')],
  routes: ANY_ROUTE,
  run: functions.printInto,
})

export default defineModule({
  name: 'kex',
  doc: 'Flags, the next hop, statistics and memory.',
  needs: {},
  params: {},
  instance: Kex,
  functions: {
    setsflag: onFlag('Set a script flag.', flags.setScriptFlag),
    issflagset: onFlag('Is this script flag set?', flags.isScriptFlagSet),
    resetsflag: onFlag('Clear a script flag.', flags.resetScriptFlag),
    setbflag: onBranchFlag('Set a flag of a branch.', flags.setBranchFlag),
    isbflagset: onBranchFlag('Is this flag of a branch set?', flags.isBranchFlagSet),
    resetbflag: onBranchFlag('Clear a flag of a branch.', flags.resetBranchFlag),
    setdsturi: fn({
      doc: 'Send the request to this URI instead of the request URI.',
      args: [computed(text('uri'))],
      routes: ANY_ROUTE,
      run: functions.setDestination,
    }),
    resetdsturi: fn({
      doc: 'Send the request to its request URI again.',
      args: [],
      routes: ANY_ROUTE,
      run: functions.resetDestination,
    }),
    isdsturiset: fn({
      doc: 'Is there a URI to send to instead of the request URI?',
      args: [],
      routes: ANY_ROUTE,
      run: functions.isDestinationSet,
    }),
    pv_printf: printf,
    avp_printf: printf,
    is_myself: fn({
      doc: 'Does this URI or host mean us?',
      args: [format('uri')],
      routes: ANY_ROUTE,
      run: functions.isMyself,
    }),
    setdebug: fn({
      doc: 'Log up to this level.',
      args: [int('level')],
      routes: ANY_ROUTE,
      run: functions.setDebug,
    }),
    resetdebug: fn({
      doc: 'Log up to the level of the core parameter debug again.',
      args: [],
      routes: ANY_ROUTE,
      run: functions.resetDebug,
    }),
  },
  pvars: {
    sruid: variable({
      doc: 'A name that no other reading of it gives, on this node or any other.',
      get: (self: Kex) => self.uniqueName(),
    }),
  },
  rpc: {
    contract: { ...stats, ...pkg, ...mod },
    handlers: {
      'stats.get_statistics': getStatistics,
      'stats.fetch': fetch,
      'stats.fetchn': fetchNumbers,
      'stats.reset_statistics': resetStatistics,
      'stats.clear_statistics': clearStatistics,
      'pkg.stats': packageStats,
      'pkg.info': packageInfo,
      'mod.stats': moduleStats,
      'mod.mem_stats': moduleStats,
      'mod.mem_statsx': moduleStats,
    },
  },
})
