// Everything cfgutils offers to a config or an operator is named here.
import { cfgutils } from '../../../rpc/contract/cfgutils.ts'
import {
  type ConfigFunction,
  defineModule,
  fn,
  format,
  int,
  intParam,
  strParam,
  variable,
} from '../../core/module/index.ts'
import { ANY_ROUTE } from '../../core/route-bits.ts'
import { CfgUtils } from './cfgutils.ts'
import * as run from './functions.ts'
import * as rpc from './rpc.ts'

type Row = ConfigFunction<CfgUtils>

export const params = {
  initial_probability: intParam({
    default: 10,
    min: 0,
    max: 100,
    doc: 'Percent at which rand_event() is true.',
  }),
  initial_gflags: intParam({ default: 0, doc: 'Global flags that are set at the start.' }),
  hash_file: strParam({ default: '', doc: 'File whose MD5 tells whether it was changed.' }),
  lock_set_size: intParam({ default: 0, min: 0, doc: 'Power of two of the locks for lock().' }),
}

const routes = ANY_ROUTE
const plain = (doc: string, verb: (self: CfgUtils) => number): Row =>
  fn({ doc, args: [], routes, run: verb })

const chance: Record<string, Row> = {
  rand_set_prob: fn({
    doc: 'Set the percent at which rand_event() is true.',
    args: [int('percent')],
    routes,
    run: run.setProbability,
  }),
  rand_reset_prob: plain('Set it back to initial_probability.', run.resetProbability),
  rand_get_prob: plain('The percent in force, as return code.', run.getProbability),
  rand_event: plain('True as often as the percent says.', run.randomEvent),
  core_hash: fn({
    doc: 'Slot of two texts among 2 ** size, counted from 1, as return code.',
    args: [format('first'), format('second'), int('size')],
    routes,
    run: run.coreHash,
  }),
}

const flags: Record<string, Row> = {
  set_gflag: fn({ doc: 'Set a global flag.', args: [int('flag')], routes, run: run.setFlag }),
  reset_gflag: fn({ doc: 'Clear it.', args: [int('flag')], routes, run: run.resetFlag }),
  is_gflag: fn({
    doc: 'Is it set?',
    args: [int('flag')],
    routes,
    run: run.isFlagSet,
  }),
}

const flow: Record<string, Row> = {
  sleep: fn({
    doc: 'Wait so many seconds; other messages are routed meanwhile.',
    args: [int('seconds')],
    routes,
    waits: true,
    run: run.sleep,
  }),
  usleep: fn({
    doc: 'Wait so many microseconds, to the next millisecond.',
    args: [int('microseconds')],
    routes,
    waits: true,
    run: run.sleepMicro,
  }),
  lock: fn({
    doc: 'Take the lock of a key; waits while it is held.',
    args: [format('key')],
    routes,
    waits: true,
    run: run.lock,
  }),
  trylock: fn({
    doc: 'Take the lock of a key if it is free.',
    args: [format('key')],
    routes,
    run: run.tryLock,
  }),
  unlock: fn({ doc: 'Give the lock back.', args: [format('key')], routes, run: run.unlock }),
  check_route_exists: fn({
    doc: 'Is there a route of this name?',
    args: [format('route')],
    routes,
    run: run.routeExists,
  }),
  route_if_exists: fn({
    doc: 'Run a route if there is one of this name.',
    args: [format('route')],
    routes,
    waits: true,
    run: run.runRoute,
  }),
  abort: plain('Stop the node.', run.abort),
}

const memory: Record<string, Row> = Object.fromEntries(
  ['pkg_status', 'shm_status', 'pkg_summary', 'shm_summary'].map(name => [
    name,
    plain('Log how much memory the process uses.', run.memoryStatus),
  ]),
)

export default defineModule({
  name: 'cfgutils',
  doc: 'Chance, global flags, locks, pauses and routes that may not be there.',
  needs: {},
  params,
  instance: CfgUtils,
  functions: { ...chance, ...flags, ...flow, ...memory },
  pvars: { RANDOM: variable({ doc: 'A random number of 31 bits.', get: run.random }) },
  rpc: {
    contract: cfgutils,
    handlers: {
      'cfgutils.is_gflag': rpc.isSet,
      'cfgutils.set_gflag': rpc.setFlags,
      'cfgutils.reset_gflag': rpc.resetFlags,
      'cfgutils.get_gflags': rpc.getFlags,
      'cfgutils.rand_set_prob': rpc.setProbability,
      'cfgutils.rand_reset_prob': rpc.resetProbability,
      'cfgutils.rand_get_prob': rpc.getProbability,
      'cfgutils.get_config_hash': rpc.getHash,
      'cfgutils.check_config_hash': rpc.checkHash,
    },
  },
})
