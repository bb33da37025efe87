/** `system.*`: which commands there are. */
import type { system } from '../../../rpc/contract/system.ts'
import { Fault } from '../../../rpc/faults.ts'
import type { Handlers } from '../module/index.ts'
import type { CommandEnvironment } from './environment.ts'

export const systemHandlers: Handlers<CommandEnvironment, typeof system> = {
  'system.listMethods': ({ core }) => [...core.rpc.names()],
  'system.methodHelp': ({ core }, name) => {
    const command = core.rpc.find(name)
    if (command === null) throw new Fault(400, 'command not found')
    return command.method.doc || 'undocumented'
  },
  'system.methodSignature': () => {
    throw new Fault(500, 'Not Implemented Yet')
  },
}
