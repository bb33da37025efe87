/** The commands that every node has, whatever its config loads. */
import { processMethods, surroundings } from '../../../rpc/contract/core.ts'
import { dns } from '../../../rpc/contract/dns.ts'
import { dstBlocklist } from '../../../rpc/contract/dst_blocklist.ts'
import { ohana } from '../../../rpc/contract/ohana.ts'
import { ohanaDb } from '../../../rpc/contract/ohana_db.ts'
import { system } from '../../../rpc/contract/system.ts'
import type { Core } from '../core.ts'
import { blocklistHandlers } from './blocklist-commands.ts'
import { databaseHandlers } from './database-commands.ts'
import type { CommandEnvironment } from './environment.ts'
import type { NodeFacts } from './facts.ts'
import { LoopDelay } from './loop-delay.ts'
import { ohanaHandlers } from './ohana-commands.ts'
import { processHandlers } from './process-commands.ts'
import { dnsHandlers } from './resolver-commands.ts'
import { takeSnapshot } from './snapshot.ts'
import { Subscriptions } from './subscriptions.ts'
import { surroundingsHandlers } from './surroundings-commands.ts'
import { systemHandlers } from './system-commands.ts'

/** Puts them into the registry; call the result when the node ends. */
export function addCoreCommands(core: Core, facts: NodeFacts): () => void {
  const loopDelay = new LoopDelay(core.clock)
  const environment: CommandEnvironment = {
    core,
    facts,
    loopDelay,
    subscriptions: new Subscriptions(core, () => takeSnapshot(environment)),
  }
  core.rpc.addModule(system, systemHandlers, environment)
  core.rpc.addModule(processMethods, processHandlers, environment)
  core.rpc.addModule(surroundings, surroundingsHandlers, environment)
  core.rpc.addModule(dns, dnsHandlers, environment)
  core.rpc.addModule(dstBlocklist, blocklistHandlers, environment)
  core.rpc.addModule(ohana, ohanaHandlers, environment)
  core.rpc.addModule(ohanaDb, databaseHandlers, environment)
  return () => loopDelay.stop()
}
