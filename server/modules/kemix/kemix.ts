/** The instance of kemix: what its functions ask of the node. */
import type { Core } from '../../core/core.ts'
import type { CoreInstance } from '../../core/core.module.ts'
import { type ApisOf, BadValue, type ModuleEnv, type PvValue } from '../../core/module/index.ts'
import type { SipMessage } from '../../sip/message.ts'
import type { needs } from './kemix.module.ts'

export class Kemix {
  readonly core: Core
  private readonly own: ApisOf<typeof needs>['core']

  constructor(env: ModuleEnv<{}, typeof needs>) {
    this.core = env.core
    this.own = env.apis.core
  }

  /** The #!define values of the config. */
  get defines(): CoreInstance['defines'] {
    return this.own.defines
  }

  /** The user of the credentials, which the module pv can read. */
  authUser(msg: SipMessage): PvValue {
    try {
      return this.core.formats.pvar('$au').get(msg)
    } catch (error) {
      if (!(error instanceof BadValue)) throw error
      this.core.log.error('kemix', `get_au: ${error.message}; load the module pv`)
      return null
    }
  }
}
