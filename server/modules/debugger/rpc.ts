/** dbg.*: the trace of the script and log levels, changed by an operator. */
import type { dbg } from '../../../rpc/contract/dbg.ts'
import { Fault } from '../../../rpc/faults.ts'
import type { Handlers } from '../../core/module/index.ts'
import { facilityNumber } from '../../lib/syslog.ts'
import type { Debugger } from './debugger.ts'
import { sourceOf } from './read.ts'

const OK = '200 ok'
const TRACE_BIT = 2

/** All of a node is one process here. */
function checkPid(pid: number | undefined): void {
  if (pid !== undefined && pid !== process.pid) throw new Fault(500, 'No such pid')
}

export const handlers: Handlers<Debugger, typeof dbg> = {
  'dbg.bp': (_self, command, pid) => {
    checkPid(pid)
    if (command === 'off') return OK
    if (!['on', 'move', 'next', 'show'].includes(command))
      throw new Fault(500, 'Unknown inner command')
    throw new Fault(500, 'There are no breakpoints: they would stop the node. Use dbg.trace on')
  },
  'dbg.ls': (self, pid) => {
    checkPid(pid)
    const set = self.tracing ? TRACE_BIT : 0
    return [{ entry: 0, pid: process.pid, set, state: 0, 'in.pid': 0, 'in.cmd': 0 }]
  },
  'dbg.trace': (self, command, pid) => {
    if (command !== 'on' && command !== 'off') throw new Fault(500, 'Unknown trace command')
    checkPid(pid)
    self.tracing = command === 'on'
    return OK
  },
  'dbg.set_mod_level': (self, module, level) => {
    self.levels.set(sourceOf(module), level)
    return OK
  },
  'dbg.set_mod_facility': (self, module, facility) => {
    if (facilityNumber(facility) < 0) throw new Fault(500, 'facility not found')
    self.facilities.set(sourceOf(module), facility)
    return OK
  },
  'dbg.get_mod_level': (self, module) =>
    self.levels.get(sourceOf(module)) ?? self.core.params.debug,
  'dbg.get_mod_facility': (self, module) =>
    self.facilities.get(sourceOf(module)) ?? self.core.params.log_facility,
  'dbg.reset_msgid': self => {
    if (self.config.reset_msgid === 0)
      throw new Fault(500, 'reset_msgid is 0. Set it to 1 to enable.')
    self.core.messageIds.last = 0
    return OK
  },
}
