/** The instance: the probability, the global flags, the locks and the hash of a file. */
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import type { Core } from '../../core/core.ts'
import { BadValue, type ConfigOf, type ModuleEnv } from '../../core/module/index.ts'
import { ScriptLocks } from '../../core/shared/script-locks.ts'
import type { params } from './cfgutils.module.ts'

/** More slots than these are of no use. */
const MOST_LOCK_BITS = 14

export class CfgUtils {
  readonly core: Core
  readonly config: ConfigOf<typeof params>
  /** Percent. */
  probability: number
  /** 32 bits. */
  flags: number
  readonly locks: ScriptLocks
  /** Locks there are; 0 without lock_set_size. */
  readonly lockCount: number
  /** Of hash_file as it was at the start; '' without one. */
  hash = ''

  constructor(env: ModuleEnv<typeof params, {}>) {
    const { core, config } = env
    this.core = core
    this.config = config
    this.probability = config.initial_probability
    this.flags = config.initial_gflags | 0
    this.locks = new ScriptLocks(core, 'cfgutils', false)
    const bits = Math.min(config.lock_set_size, MOST_LOCK_BITS)
    this.lockCount = bits > 0 ? 2 ** bits : 0
    if (config.hash_file !== '') this.takeHash()
  }

  error(text: string): void {
    this.core.log.error('cfgutils', text)
  }

  private takeHash(): void {
    const hash = this.hashNow()
    if (hash === null)
      throw new BadValue(`cfgutils: hash_file ${this.config.hash_file} cannot be read`)
    this.hash = hash
  }

  /** MD5 of hash_file as it is now; null when it cannot be read. */
  hashNow(): string | null {
    try {
      return createHash('md5').update(readFileSync(this.config.hash_file)).digest('hex')
    } catch {
      return null
    }
  }
}
