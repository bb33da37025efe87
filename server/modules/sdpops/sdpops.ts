/** The instance: the iterators that a script has open. */
import type { Core } from '../../core/core.ts'
import type { ModuleEnv } from '../../core/module/index.ts'
import { Walks } from './iterators.ts'

export class Sdpops {
  readonly core: Core
  readonly walks = new Walks()

  constructor(env: ModuleEnv<{}, {}>) {
    this.core = env.core
  }
}
