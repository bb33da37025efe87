/** Every command, in the order in which the help shows them. */
import type { Command } from '../command.ts'
import { aclCommands } from './acl.ts'
import { aliasCommands } from './aliases.ts'
import { cfgCommands } from './cfg.ts'
import { cfgReloadCommands } from './cfg-reload.ts'
import { logCommands } from './log.ts'
import { monitorCommands } from './monitor.ts'
import { processCommands } from './process.ts'
import { rpcCommands } from './rpc.ts'
import { srvCommands } from './srv.ts'
import { statsCommands } from './stats.ts'
import { subscriberCommands } from './subscriber.ts'
import { traceCommands } from './trace.ts'
import { ulCommands } from './ul.ts'

export const commands: readonly Command[] = [
  ...processCommands,
  ...ulCommands,
  ...subscriberCommands,
  ...aclCommands,
  ...aliasCommands,
  ...statsCommands,
  ...cfgCommands,
  ...cfgReloadCommands,
  ...logCommands,
  ...traceCommands,
  ...monitorCommands,
  ...srvCommands,
  ...rpcCommands,
]
