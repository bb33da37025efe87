/**
 * The instance behind the variables: what outlives a message, and the branch that $sbranch(...)
 * describes.
 */
import type { AvpName } from '../../core/avp.ts'
import type { Core } from '../../core/core.ts'
import type { ConfigOf, Format, ModuleEnv, PvValue } from '../../core/module/index.ts'
import { SharedVariables } from '../../core/shared/variables.ts'
import type { Branch, SipMessage } from '../../sip/message.ts'
import { BadValue } from '../../core/module/index.ts'
import type { params } from './pv.module.ts'

/**
 * Texts that are compiled while messages run (pv_evalx, $_s with variables inside); a few thousand
 * are kept.
 */
const KEPT_FORMATS = 2048

export class Pv {
  readonly core: Core
  readonly config: ConfigOf<typeof params>
  /** `$vn(x)`: as `$var(x)`, but null until set. */
  readonly nullable = new Map<string, PvValue>()
  readonly shared = new SharedVariables()
  /** avp_aliases; null when there are none. */
  readonly aliases: ReadonlyMap<string, AvpName> | null
  /** What $sbranch(...) has gathered; null after sbranch_reset(). */
  staticBranch: Branch | null = null
  private readonly formats = new Map<string, Format | null>()

  constructor(env: ModuleEnv<typeof params, {}>) {
    this.core = env.core
    this.config = env.config
    for (const { name, value } of env.config.shvset) this.shared.set(name, value)
    const { vars } = env.core
    for (const { name, value } of env.config.varset) vars.values[vars.slot(name)] = value
    const aliases = env.config.avp_aliases.flat()
    this.aliases = aliases.length === 0 ? null : new Map(aliases)
  }

  error(text: string): void {
    this.core.log.error('pv', text)
  }

  /** What a variable gives that takes no such value. */
  refuse(text: string): false {
    this.error(text)
    return false
  }

  /** Evaluates a text that is known only now; null when it does not parse. */
  evaluate(msg: SipMessage, text: string): string | null {
    let format = this.formats.get(text)
    if (format === undefined) {
      format = this.compile(text)
      if (this.formats.size >= KEPT_FORMATS) this.formats.clear()
      this.formats.set(text, format)
    }
    return format === null ? null : format(msg)
  }

  private compile(text: string): Format | null {
    try {
      return this.core.formats.compile(text)
    } catch (error) {
      if (!(error instanceof BadValue)) throw error
      this.error(`cannot evaluate "${text}": ${error.message}`)
      return null
    }
  }
}
