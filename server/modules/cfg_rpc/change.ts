/** Changes that take effect at once. */
import { Fault } from '../../../rpc/faults.ts'
import type { CfgFramework, CfgValue } from '../../core/cfg.ts'
import type { CfgRpc } from './cfg_rpc.ts'
import { type GroupName, groupName, instanceName } from './group-name.ts'

const notSet = (): Fault => new Fault(400, 'Failed to set the variable')
const notDeleted = (): Fault => new Fault(400, 'Failed to delete the value')

/**
 * The value in the kind that the variable has; a fault when it cannot be turned into it or may not
 * be set.
 */
export function fitting(
  cfg: CfgFramework,
  { group, instance }: GroupName,
  name: string,
  value: CfgValue,
): CfgValue {
  const variable = cfg.variable(group, name)
  if (variable === null) throw notSet()
  if (instance !== null && !cfg.instanceNumbers(group).includes(instance)) throw notSet()
  const converted = variable.kind === 'string' ? String(value) : wholeNumber(value)
  if (converted === null || cfg.check(group, name, converted) !== null) throw notSet()
  return converted
}

function wholeNumber(value: CfgValue): number | null {
  if (typeof value === 'number') return value
  return /^[+-]?\d+$/.test(value) ? Number(value) : null
}

export function set(self: CfgRpc, group: string, name: string, value: CfgValue): void {
  const where = groupName(group)
  const converted = fitting(self.cfg, where, name, value)
  if (self.cfg.set(where.group, name, converted, where.instance) !== null) throw notSet()
}

export function remove(self: CfgRpc, group: string, name: string): void {
  const where = instanceName(group)
  const known = self.cfg.instanceNumbers(where.group).includes(where.instance)
  if (!known || self.cfg.reset(where.group, name, where.instance) !== null) throw notDeleted()
}

/** Every variable of the group back to what the config or the default said. */
export function reset(self: CfgRpc, group: string): void {
  const where = groupName(group)
  if (where.instance !== null && !self.cfg.instanceNumbers(where.group).includes(where.instance)) {
    throw new Fault(500, 'Reset failed')
  }
  for (const variable of self.cfg.variables(where.group)) {
    if (variable.live) self.cfg.reset(where.group, variable.name, where.instance)
  }
}

export function addInstance(self: CfgRpc, group: string): void {
  const where = instanceName(group)
  if (!self.cfg.addInstance(where.group, where.instance)) {
    throw new Fault(400, 'Failed to add the group instance')
  }
}

export function removeInstance(self: CfgRpc, group: string): void {
  const where = instanceName(group)
  if (!self.cfg.removeInstance(where.group, where.instance)) {
    throw new Fault(400, 'Failed to delete the group instance')
  }
}
