/** Changes that are collected, shown, and then take effect together or not at all. */
import type { cfg } from '../../../rpc/contract/cfg.ts'
import { Fault } from '../../../rpc/faults.ts'
import type { ResultOf } from '../../../rpc/schema.ts'
import type { CfgValue, DelayedChange } from '../../core/cfg.ts'
import type { CfgRpc } from './cfg_rpc.ts'
import { fitting } from './change.ts'
import { groupName, instanceName } from './group-name.ts'

type Difference = ResultOf<(typeof cfg)['cfg.diff']>[number]

export function prepare(self: CfgRpc, group: string, name: string, value: CfgValue): void {
  const where = groupName(group)
  stage(self, { ...where, name, value: fitting(self.cfg, where, name, value) })
}

export function prepareRemoval(self: CfgRpc, group: string, name: string): void {
  const where = instanceName(group)
  const known = self.cfg.instanceNumbers(where.group).includes(where.instance)
  if (!known || self.cfg.variable(where.group, name) === null) {
    throw new Fault(400, 'Failed to delete the value')
  }
  stage(self, { ...where, name, value: null })
}

/** A later change of the same variable takes the place of the earlier one. */
function stage({ cfg }: CfgRpc, change: DelayedChange): void {
  cfg.delayed = cfg.delayed.filter(
    other =>
      other.group !== change.group ||
      other.name !== change.name ||
      other.instance !== change.instance,
  )
  cfg.delayed.push(change)
}

export function commit({ cfg }: CfgRpc): void {
  // An instance that was deleted meanwhile would come back with one value: all or nothing.
  const gone = cfg.delayed.some(
    ({ group, instance }) => instance !== null && !cfg.instanceNumbers(group).includes(instance),
  )
  if (gone) throw new Fault(400, 'Failed to commit the changes')
  for (const { group, name, instance, value } of cfg.delayed.splice(0)) {
    if (value === null) cfg.reset(group, name, instance)
    else cfg.set(group, name, value, instance)
  }
}

export function rollback({ cfg }: CfgRpc): void {
  cfg.delayed = []
}

export function differences({ cfg }: CfgRpc): Difference[] {
  return cfg.delayed.map(({ group, instance, name, value }) => ({
    'group name': group,
    ...(instance === null ? {} : { 'group id': instance }),
    'variable name': name,
    'old value': cfg.get(group, name, instance) ?? '',
    'new value': value ?? cfg.get(group, name) ?? '',
  }))
}
