/** Reading variables and what is known of them. */
import { Fault } from '../../../rpc/faults.ts'
import type { CfgValue } from '../../core/cfg.ts'
import type { CfgRpc } from './cfg_rpc.ts'
import { groupName } from './group-name.ts'

const notFound = (): Fault => new Fault(400, 'Failed to get the variable')

/** One variable, or all of a group. */
export function get(
  { cfg }: CfgRpc,
  text: string,
  name: string | undefined,
): CfgValue | Record<string, CfgValue> {
  const { group, instance } = groupName(text)
  if (instance !== null && !cfg.instanceNumbers(group).includes(instance)) throw notFound()
  if (name !== undefined) {
    const value = cfg.get(group, name, instance)
    if (value === undefined) throw notFound()
    return value
  }
  const values: Record<string, CfgValue> = {}
  for (const variable of cfg.variables(group)) {
    values[variable.name] = cfg.get(group, variable.name, instance)!
  }
  return values
}

export function help({ cfg }: CfgRpc, text: string, name: string): string[] {
  const { group, instance } = groupName(text)
  const variable = instance === null ? cfg.variable(group, name) : null
  if (variable === null) throw new Fault(400, 'Failed to get the variable description')
  const type = variable.kind === 'int' ? 'integer' : 'string'
  return [variable.doc, `(parameter type is ${type})`]
}

/** Groups that were declared last come first. */
export function list({ cfg }: CfgRpc, only: string | undefined): string[] {
  const groups = only === undefined ? cfg.groupNames().reverse() : [only]
  return groups.flatMap(group => cfg.variables(group).map(({ name }) => `${group}: ${name}`))
}
