/** The instance: the statistics that the config declares, and what its script does to them. */
import type { Core } from '../../core/core.ts'
import type { Counter } from '../../core/counters.ts'
import { BadValue, type ModuleEnv, type Verdict } from '../../core/module/index.ts'
import type { SipMessage } from '../../sip/message.ts'
import type { params } from './statistics.module.ts'

export interface Variable {
  readonly name: string
  /** reset_stat leaves it as it is. */
  readonly kept: boolean
}

const GROUP = 'script'

/** `name` or `name/no_reset`. */
export function readVariable(value: string | number): Variable {
  const [name = '', flag, ...rest] = String(value).split('/')
  if (!/^[\w-]+$/.test(name.trim()) || rest.length > 0)
    throw new BadValue(`${value} names no statistic`, 'as "name" or "name/no_reset"')
  if (flag !== undefined && flag.trim() !== 'no_reset')
    throw new BadValue(`${flag} is not known here`, 'only no_reset')
  return { name: name.trim(), kept: flag !== undefined }
}

/** `+5`, `-2`, `3`: what is added. */
export function readChange(text: string): number {
  if (!/^[+-]?\d+$/.test(text.trim())) throw new BadValue(`${text} is no number`)
  const by = Number(text)
  if (by === 0) throw new BadValue('an update by 0 has no sense')
  return by
}

export class Statistics {
  private readonly core: Core
  private readonly kept = new Set<Counter>()

  constructor(env: ModuleEnv<typeof params, {}>) {
    this.core = env.core
    for (const { name, kept } of env.config.variable) {
      const counter = env.core.counters.register(GROUP, name, 'a statistic of the script')
      if (kept) this.kept.add(counter)
    }
  }

  private find(name: string): Counter | null {
    const counter = this.core.counters.named(name)
    if (counter === null) this.core.log.error('statistics', `variable <${name}> not defined`)
    return counter
  }

  /** What is computed when asked cannot be changed, and stays as it is. */
  update(name: string, by: number): Verdict {
    const counter = this.find(name)
    if (counter === null) return -1
    counter.value += by
    return 1
  }

  reset(name: string): Verdict {
    const counter = this.find(name)
    if (counter === null) return -1
    if (!this.kept.has(counter)) counter.value = 0
    return 1
  }
}

export const update = (self: Statistics, _msg: SipMessage, name: string, by: number): Verdict =>
  self.update(name, by)

export const reset = (self: Statistics, _msg: SipMessage, name: string): Verdict => self.reset(name)
