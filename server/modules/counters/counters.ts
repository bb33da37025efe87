/** The instance: the counters that the config declared for its script. */
import type { Counter, Counters } from '../../core/counters.ts'
import { BadValue, type ModuleEnv } from '../../core/module/index.ts'
import type { params } from './counters.module.ts'

/**
 * One `script_counter`: `name`, `group.name`, either with a description after a colon or blanks.
 */
export interface ScriptCounter {
  readonly group: string
  readonly name: string
  readonly doc: string
}

export function scriptCounter(text: string | number): ScriptCounter {
  const found = /^(?:([\w-]+)\.)?([\w-]+)(?:(?:\s+|:)(.*))?$/s.exec(String(text).trim())
  if (found === null) {
    throw new BadValue(
      `bad script counter "${text}"`,
      'write name, group.name, or either with a text',
    )
  }
  return { group: found[1] ?? '', name: found[2]!, doc: found[3] || 'custom script counter.' }
}

export class ScriptCounters {
  readonly all: Counters
  private readonly ours = new Set<Counter>()
  private readonly group: string

  constructor(env: ModuleEnv<typeof params, {}>) {
    this.all = env.core.counters
    this.group = env.config.script_cnt_grp_name
    for (const { group, name, doc } of env.config.script_counter) {
      this.ours.add(this.all.register(group || this.group, name, doc))
    }
  }

  /** A counter of the script by `name` or `group.name`; null when the config declared none. */
  find(name: string): Counter | null {
    const dot = name.indexOf('.')
    const found =
      dot < 0
        ? this.all.find(this.group, name)
        : this.all.find(name.slice(0, dot), name.slice(dot + 1))
    return found !== null && this.ours.has(found) ? found : null
  }
}
