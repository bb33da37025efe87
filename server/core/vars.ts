/**
 * `$var(x)`: values that live as long as the process, 0 until set. Compiled routes use the slots
 * directly.
 */
import type { PvValue } from './module/index.ts'

export class Vars {
  /** By slot; never null. */
  readonly values: PvValue[] = []
  private readonly slots = new Map<string, number>()

  /** The slot of a name, made at the first question. */
  slot(name: string): number {
    let slot = this.slots.get(name)
    if (slot === undefined) {
      slot = this.values.push(0) - 1
      this.slots.set(name, slot)
    }
    return slot
  }

  names(): string[] {
    return [...this.slots.keys()]
  }
}
