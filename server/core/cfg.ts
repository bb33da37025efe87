/**
 * Runtime parameters (Kamailio's cfg framework): named variables in groups that cfg.* commands
 * list, read and change while the node runs. A module's live parameters and the core's are declared
 * over the very object that the code reads, so a change is seen by the next message; groups written
 * in the config (`group.name = value desc "..."`) keep their values here.
 */
export type CfgValue = number | string

export interface CfgVariable {
  readonly group: string
  readonly name: string
  readonly kind: 'int' | 'string'
  readonly doc: string
  readonly default: CfgValue
  readonly min?: number
  readonly max?: number
  /** Which texts it may be; all without it. */
  readonly accepts?: (text: string) => boolean
  /** False: it is listed and read, but cfg.set refuses it. */
  readonly live: boolean
}

/** Of the group that cfg_select() chose an instance of: which, and what its values stand over. */
interface Selection {
  readonly instance: number
  readonly covered: Map<Slot, CfgValue>
}

/** Why a change was refused, for the caller's fault. */
export type CfgRefusal =
  | 'no such variable'
  | 'read-only'
  | 'wrong type'
  | 'out of range'
  | 'not accepted'

interface Slot {
  readonly variable: CfgVariable
  readonly holder: Record<string, unknown>
  readonly key: string
  /** Called after a change, for parameters that must be told (debug, timers). */
  readonly changed: ((value: CfgValue) => void) | null
}

interface Group {
  readonly slots: Map<string, Slot>
  /**
   * Instances of the group (`group[3].name`): number -> name -> value, over the default instance.
   */
  readonly instances: Map<number, Map<string, CfgValue>>
  selection: Selection | null
}

export interface DelayedChange {
  readonly group: string
  readonly instance: number | null
  readonly name: string
  /** null takes an instance's own value back. */
  readonly value: CfgValue | null
}

export class CfgFramework {
  private readonly groups = new Map<string, Group>()
  /** Staged by cfg.set_delayed*, applied by cfg.commit. */
  delayed: DelayedChange[] = []
  /** Groups whose instance was chosen by the script that is running. */
  private readonly selected = new Set<string>()
  /** Told of every change that took effect. */
  onChange: ((group: string, name: string, old: CfgValue, value: CfgValue) => void) | null = null

  /** Declares a variable whose value is `holder[key]`. */
  declare(
    variable: CfgVariable,
    holder: Record<string, unknown>,
    key: string = variable.name,
    changed: ((value: CfgValue) => void) | null = null,
  ): void {
    this.group(variable.group).slots.set(variable.name, { variable, holder, key, changed })
  }

  /** Takes a variable away, and its group with the last one. */
  forget(group: string, name: string): void {
    const found = this.groups.get(group)
    found?.slots.delete(name)
    if (found?.slots.size === 0) this.groups.delete(group)
  }

  private group(name: string): Group {
    let group = this.groups.get(name)
    if (group === undefined) {
      group = { slots: new Map(), instances: new Map(), selection: null }
      this.groups.set(name, group)
    }
    return group
  }

  groupNames(): string[] {
    return [...this.groups.keys()]
  }

  variables(group: string): CfgVariable[] {
    return [...(this.groups.get(group)?.slots.values() ?? [])].map(slot => slot.variable)
  }

  variable(group: string, name: string): CfgVariable | null {
    return this.groups.get(group)?.slots.get(name)?.variable ?? null
  }

  /**
   * The value in force; of a group instance, its own or the default one; undefined when there is no
   * such variable.
   */
  get(group: string, name: string, instance: number | null = null): CfgValue | undefined {
    const found = this.groups.get(group)
    const slot = found?.slots.get(name)
    if (found === undefined || slot === undefined) return undefined
    if (instance === null) return slot.holder[slot.key] as CfgValue
    return found.instances.get(instance)?.get(name) ?? valueUnder(found, slot)
  }

  /**
   * cfg_select(): from now on everybody reads the values that this instance has of its own; false
   * when there is no such instance.
   */
  select(group: string, instance: number): boolean {
    const found = this.groups.get(group)
    const values = found?.instances.get(instance)
    if (found === undefined || values === undefined) return false
    this.deselect(group)
    const covered = new Map<Slot, CfgValue>()
    for (const [name, value] of values) {
      const slot = found.slots.get(name)
      if (slot === undefined) continue
      covered.set(slot, slot.holder[slot.key] as CfgValue)
      put(slot, value)
    }
    found.selection = { instance, covered }
    this.selected.add(group)
    return true
  }

  deselect(group: string): void {
    const found = this.groups.get(group)
    const selection = found?.selection ?? null
    if (found === undefined || selection === null) return
    for (const [slot, value] of selection.covered) put(slot, value)
    found.selection = null
    this.selected.delete(group)
  }

  /** A choice lasts for one message. */
  deselectAll(): void {
    for (const group of this.selected) this.deselect(group)
  }

  /** The instances that are chosen, for choosing them again behind a wait. */
  selections(): [group: string, instance: number][] {
    return [...this.selected].map(group => [group, this.groups.get(group)!.selection!.instance])
  }

  get anySelected(): boolean {
    return this.selected.size > 0
  }

  /** The instance that was chosen, null for the group itself. */
  selectedInstance(group: string): number | null {
    return this.groups.get(group)?.selection?.instance ?? null
  }

  /** Changes a value at once; null when done, else why not. */
  set(
    group: string,
    name: string,
    value: CfgValue,
    instance: number | null = null,
  ): CfgRefusal | null {
    const refusal = this.check(group, name, value)
    if (refusal !== null) return refusal
    const found = this.groups.get(group)!
    const slot = found.slots.get(name)!
    const old = this.get(group, name, instance)!
    if (instance !== null) this.instance(found, instance).set(name, value)
    else if (found.selection?.covered.has(slot)) found.selection.covered.set(slot, value)
    else put(slot, value)
    this.onChange?.(group, name, old, value)
    return null
  }

  /** Would this change be taken? */
  check(group: string, name: string, value: CfgValue): CfgRefusal | null {
    const variable = this.variable(group, name)
    if (variable === null) return 'no such variable'
    if (!variable.live) return 'read-only'
    if (variable.kind === 'int' && typeof value !== 'number') return 'wrong type'
    if (variable.kind === 'string' && typeof value !== 'string') return 'wrong type'
    if (typeof value === 'number') {
      if (variable.min !== undefined && value < variable.min) return 'out of range'
      if (variable.max !== undefined && value > variable.max) return 'out of range'
    } else if (variable.accepts?.(value) === false) return 'not accepted'
    return null
  }

  /** Takes an instance's own value back (or, without an instance, the declared default). */
  reset(group: string, name: string, instance: number | null): CfgRefusal | null {
    const found = this.groups.get(group)
    const variable = this.variable(group, name)
    if (found === undefined || variable === null) return 'no such variable'
    if (instance === null) return this.set(group, name, variable.default)
    found.instances.get(instance)?.delete(name)
    return null
  }

  addInstance(group: string, instance: number): boolean {
    const found = this.groups.get(group)
    if (found === undefined) return false
    this.instance(found, instance)
    return true
  }

  removeInstance(group: string, instance: number): boolean {
    return this.groups.get(group)?.instances.delete(instance) ?? false
  }

  instanceNumbers(group: string): number[] {
    return [...(this.groups.get(group)?.instances.keys() ?? [])]
  }

  private instance(group: Group, instance: number): Map<string, CfgValue> {
    let values = group.instances.get(instance)
    if (values === undefined) {
      values = new Map()
      group.instances.set(instance, values)
    }
    return values
  }
}

function put(slot: Slot, value: CfgValue): void {
  slot.holder[slot.key] = value
  slot.changed?.(value)
}

/** The value of the group itself, whatever instance is chosen. */
const valueUnder = (group: Group, slot: Slot): CfgValue =>
  group.selection?.covered.get(slot) ?? (slot.holder[slot.key] as CfgValue)
