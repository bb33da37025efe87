/** The surface of debugger: every name that a config or an operator can use. */
import { dbg } from '../../../rpc/contract/dbg.ts'
import {
  defineModule,
  eachParam,
  fn,
  int,
  intParam,
  literal,
  optional,
  strParam,
  text,
} from '../../core/module/index.ts'
import { ANY_ROUTE } from '../../core/route-bits.ts'
import { Debugger } from './debugger.ts'
import { dumpVariables } from './dump.ts'
import { readModFacility, readModLevel, wordToLevel } from './read.ts'
import * as rpc from './rpc.ts'
import { printMessage } from './sip-message.ts'

const NONE = 'Taken, and without effect.'

export const params = {
  cfgtrace: intParam({ default: 0, min: 0, max: 1, doc: '1: log each action of the script.' }),
  cfgtrace_format: intParam({ default: 0, min: 0, max: 1, doc: '1: without the file.' }),
  breakpoint: intParam({ default: 0, min: 0, max: 1, doc: '1 is warned of: there are none.' }),
  log_level: intParam({ default: -1, min: -5, max: 3, doc: 'Level of the trace.' }),
  log_level_name: strParam({ default: '', doc: 'What its lines have in place of the level.' }),
  log_facility: strParam({ default: '', doc: 'Facility of its lines; the usual one.' }),
  log_prefix: strParam({ default: '*** cfgtrace:', doc: 'Text before each line of it.' }),
  step_usleep: intParam({ default: 100_000, doc: NONE }),
  step_loops: intParam({ default: 200, doc: NONE }),
  mod_hash_size: intParam({ default: 0, doc: NONE, live: true }),
  mod_level_mode: intParam({
    default: 0,
    min: 0,
    max: 1,
    doc: '1: modules have log levels of their own.',
    live: true,
  }),
  mod_level: eachParam({ doc: 'Log level of a module: tm=3.', parse: readModLevel }),
  mod_facility_mode: intParam({
    default: 0,
    min: 0,
    max: 1,
    doc: '1: modules have log facilities of their own.',
    live: true,
  }),
  mod_facility: eachParam({
    doc: 'Log facility of a module: tm=LOG_LOCAL1.',
    parse: readModFacility,
  }),
  reset_msgid: intParam({ default: 0, min: 0, max: 1, doc: '1: dbg.reset_msgid may be called.' }),
  log_assign: intParam({ default: 0, min: 0, max: 1, doc: NONE }),
  cfgpkgcheck: intParam({ default: 0, doc: NONE }),
  cfgtest: intParam({ default: 0, doc: NONE }),
}

const LEVEL = literal('level', wordToLevel)

export default defineModule({
  name: 'debugger',
  doc: 'Shows what the script does, and gives modules log levels of their own.',
  needs: {},
  params,
  instance: Debugger,
  functions: {
    dbg_breakpoint: fn({
      doc: 'A place where Kamailio could stop; here it does nothing.',
      args: [text('mode')],
      routes: ANY_ROUTE,
      kemi: '',
      run: () => 1,
    }),
    dbg_pv_dump: fn({
      doc: 'Log the variables of the script as JSON.',
      args: [optional(int('mask')), optional(LEVEL)],
      routes: ANY_ROUTE,
      kemi: 'dbg_pv_dump() dbg_pv_dump_ex(int, int)',
      run: dumpVariables,
    }),
    dbg_sip_msg: fn({
      doc: 'Log the message as it would be sent now, and what was changed in it.',
      args: [optional(LEVEL), optional(text('facility'))],
      routes: ANY_ROUTE,
      kemi: '',
      run: printMessage,
    }),
  },
  rpc: { contract: dbg, handlers: rpc.handlers },
  tracer: self => self.trace,
  start: self => self.start(),
})
