/** What the functions of siputils share. */
import type { ModuleEnv } from '../../core/module/index.ts'
import { AddressBounds } from '../../sip/header/bounds.ts'
import type { SipMessage } from '../../sip/message.ts'
import type { sl } from '../sl/api.ts'
import type { params } from './siputils.module.ts'

type Env = ModuleEnv<typeof params, { sl: typeof sl }>

export class Siputils {
  readonly config: Env['config']
  readonly core: Env['core']
  readonly sl: Env['apis']['sl']
  readonly bounds: AddressBounds
  /** Charging vectors that we gave to a message, for $pcv. */
  readonly chargingVectors: WeakMap<SipMessage, string>

  constructor(env: Env) {
    this.config = env.config
    this.core = env.core
    this.sl = env.apis.sl
    this.bounds = new AddressBounds()
    this.chargingVectors = new WeakMap()
  }

  /** Says why a function fails. */
  fail(why: string, verdict = -1): number {
    this.core.log.error('siputils', why)
    return verdict
  }
}
