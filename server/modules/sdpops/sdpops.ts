/** The instance: it has no state. */
import type { Core } from '../../core/core.ts'
import type { ModuleEnv } from '../../core/module.ts'

export class Sdpops {
  readonly core: Core

  constructor(env: ModuleEnv<{}, {}>) {
    this.core = env.core
  }
}
