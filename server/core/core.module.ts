/**
 * What is there without any module: the functions and variables of the routing language itself, as
 * a surface like any other.
 */
import type { Core } from './core.ts'
import { CORE_EVENTS } from './event-routes.ts'
import { functions } from './functions/table.ts'
import { coreKemi } from './kemi/table.ts'
import { defineModule, type ModuleEnv } from './module/index.ts'
import { corePvars } from './pvars.ts'
import { CoreStatistics } from './statistics.ts'

/** The instance behind the core's functions. */
export class CoreInstance {
  readonly core: Core
  readonly statistics: CoreStatistics

  constructor(env: ModuleEnv<{}, {}>) {
    this.core = env.core
    this.statistics = new CoreStatistics(env.core.counters)
  }

  /** The #!define values of the config whose block is running, for $def and $defn. */
  get defines(): ReadonlyMap<string, string> {
    return this.core.routes.defines
  }
}

export default defineModule({
  name: 'core',
  doc: 'The functions and variables of the routing language that need no module.',
  needs: {},
  params: {},
  instance: CoreInstance,
  pvars: corePvars,
  kemi: coreKemi,
  events: CORE_EVENTS,
  functions,
})
