/** `group` and `group[id]`, as an operator writes them. */
import { Fault } from '../../../rpc/faults.ts'

export interface GroupName {
  readonly group: string
  /** null: the group itself. */
  readonly instance: number | null
}

/** Numbers of instances have 32 bits: ten digits are enough. */
const WITH_INSTANCE = /^(.+)\[(\d{1,10})\]$/s
const EITHER = 'Wrong group syntax. Use either "group", or "group[id]"'
const INSTANCE = 'Wrong group syntax. Use "group[id]"'

/** A group or one of its instances. */
export function groupName(text: string): GroupName {
  const found = WITH_INSTANCE.exec(text)
  if (found !== null) return { group: found[1]!, instance: Number(found[2]) }
  if (text.endsWith(']')) throw new Fault(400, EITHER)
  return { group: text, instance: null }
}

/** An instance of a group and nothing else. */
export function instanceName(text: string): { group: string; instance: number } {
  const found = WITH_INSTANCE.exec(text)
  if (found === null) throw new Fault(400, INSTANCE)
  return { group: found[1]!, instance: Number(found[2]) }
}
