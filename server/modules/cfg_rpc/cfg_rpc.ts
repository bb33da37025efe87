/** The instance: nothing of its own, the runtime parameters belong to the core. */
import type { CfgFramework } from '../../core/cfg.ts'
import type { ModuleEnv } from '../../core/module/index.ts'

export class CfgRpc {
  readonly cfg: CfgFramework

  constructor(env: ModuleEnv<{}, {}>) {
    this.cfg = env.core.cfg
  }
}
