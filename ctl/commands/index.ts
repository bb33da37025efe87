/** Every command, in the order in which the help shows them. */
import type { Command } from '../command.ts'
import { accCommands } from './acc.ts'
import { aclCommands } from './acl.ts'
import { aliasCommands } from './aliases.ts'
import { avpCommands } from './avp.ts'
import { carrierrouteCommands } from './carrierroute.ts'
import { cfgCommands } from './cfg.ts'
import { cfgReloadCommands } from './cfg-reload.ts'
import { dbCommands } from './db.ts'
import { dialogCommands } from './dialog.ts'
import { dialplanCommands } from './dialplan.ts'
import { dispatcherCommands } from './dispatcher.ts'
import { domainCommands } from './domain.ts'
import { lcrCommands } from './lcr.ts'
import { logCommands } from './log.ts'
import { monitorCommands } from './monitor.ts'
import { mtreeCommands } from './mtree.ts'
import { permissionsCommands } from './permissions.ts'
import { processCommands } from './process.ts'
import { rpcCommands } from './rpc.ts'
import { speeddialCommands } from './speeddial.ts'
import { srvCommands } from './srv.ts'
import { statsCommands } from './stats.ts'
import { subscriberCommands } from './subscriber.ts'
import { traceCommands } from './trace.ts'
import { uacregCommands } from './uacreg.ts'
import { ulCommands } from './ul.ts'

export const commands: readonly Command[] = [
  ...processCommands,
  ...ulCommands,
  ...subscriberCommands,
  ...aclCommands,
  ...aliasCommands,
  ...permissionsCommands,
  ...domainCommands,
  ...dispatcherCommands,
  ...dialplanCommands,
  ...mtreeCommands,
  ...speeddialCommands,
  ...avpCommands,
  ...lcrCommands,
  ...carrierrouteCommands,
  ...uacregCommands,
  ...dialogCommands,
  ...accCommands,
  ...dbCommands,
  ...statsCommands,
  ...cfgCommands,
  ...cfgReloadCommands,
  ...logCommands,
  ...traceCommands,
  ...monitorCommands,
  ...srvCommands,
  ...rpcCommands,
]
