/** pv.shvGet and pv.shvSet: shared variables from outside the script. */
import { Fault } from '../../../rpc/faults.ts'
import type { Pv } from './pv.ts'

interface Shared {
  name: string
  type: string
  value: string | number
}

const shown = (name: string, value: string | number): Shared => ({
  name,
  type: typeof value === 'number' ? 'int' : 'string',
  value,
})

export function shvGet(self: Pv, name?: string): Shared | { items: [string, Shared][] } {
  if (name !== undefined) {
    if (!self.shared.has(name)) throw new Fault(404, 'Variable not found')
    return shown(name, self.shared.get(name))
  }
  return { items: self.shared.entries().map(([key, value]) => ['shv', shown(key, value)]) }
}

/** Only a variable that is there can be set: shvset or the script made it. */
export function shvSet(self: Pv, name: string, type: string, value: string | number): string {
  if (type !== 'int' && type !== 'str')
    throw new Fault(500, 'Unknown parameter type (Types: int or str)')
  if (type === 'int' && typeof value !== 'number')
    throw new Fault(500, 'Missing integer parameter value (Parameters: varname type value)')
  if (!self.shared.has(name)) throw new Fault(404, 'Variable not found')
  self.shared.set(name, type === 'int' ? value : String(value))
  return 'Ok. Variable set to new value.'
}
