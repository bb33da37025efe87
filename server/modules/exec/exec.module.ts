/** The surface of exec: every name that a config can use. */
import {
  defineModule,
  fn,
  format,
  intParam,
  optional,
  writablePvars,
} from '../../core/module/index.ts'
import { ANY_ROUTE, FAILURE_ROUTE, REQUEST_ROUTE } from '../../core/route-bits.ts'
import { execAvp, execCmd, execDset, execMsg } from './commands.ts'
import { Exec } from './exec.ts'

export const params = {
  time_to_kill: intParam({
    default: 0,
    min: 0,
    doc: 'Seconds after which a command is killed; 0: never.',
  }),
  setvars: intParam({ default: 1, doc: 'Not 0: commands get SIP_... in their environment.' }),
  bash_safety: intParam({
    default: 1,
    doc: 'Not 0: what begins like a function of bash does not get into the environment.',
  }),
}

const COMMAND = format('command')
const routes = REQUEST_ROUTE | FAILURE_ROUTE

export default defineModule({
  name: 'exec',
  doc: 'Commands of the shell.',
  needs: {},
  params,
  instance: Exec,
  functions: {
    exec_dset: fn({
      doc: 'Run a command; the lines that it writes are the new destinations.',
      args: [COMMAND],
      routes,
      waits: true,
      run: execDset,
    }),
    exec_msg: fn({
      doc: 'Run a command that reads the message.',
      args: [COMMAND],
      routes,
      waits: true,
      run: execMsg,
    }),
    exec_avp: fn({
      doc: 'Run a command; the lines that it writes become AVPs.',
      args: [COMMAND, optional(writablePvars('avplist'))],
      routes,
      waits: true,
      kemi: 'exec_avp(str)',
      run: execAvp,
    }),
    exec_cmd: fn({
      doc: 'Run a command.',
      args: [COMMAND],
      routes: ANY_ROUTE,
      waits: true,
      run: execCmd,
    }),
  },
})
