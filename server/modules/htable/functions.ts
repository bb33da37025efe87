/** What the functions of htable do. */
import type { SipMessage } from '../../sip/message.ts'
import type { Verdict } from '../../core/module/index.ts'
import type { Htable } from './htable.ts'
import type { TableKey } from './key.ts'
import { has, nameOf, type Part, regexTest, removeWhere, textOf, wordTest } from './match.ts'
import type { HashTable, ItemValue } from './table.ts'

/** The table, with a line in the log where there is none of this name. */
function known(self: Htable, name: string): HashTable | null {
  const table = self.table(name)
  if (table === null) self.error(`there is no table ${name}`)
  return table
}

export function print(self: Htable): Verdict {
  for (const table of self.tables.values()) {
    self.core.log.debug('htable', `table ${table.spec.name}: ${table.size} items`)
    for (const { name, value, expire } of table.items.values())
      self.core.log.debug('htable', `  ${name} = ${value} (${expire})`)
  }
  return 1
}

const NO_TABLE = -11

export function lock(self: Htable, msg: SipMessage, key: TableKey): Verdict | Promise<Verdict> {
  if (key.tableOf(self) === null) return NO_TABLE
  return self.locks.lock(`${key.tableName}=>${key.name(msg)}`, msg)
}

export function unlock(self: Htable, msg: SipMessage, key: TableKey): Verdict {
  if (key.tableOf(self) === null) return NO_TABLE
  self.locks.unlock(`${key.tableName}=>${key.name(msg)}`, msg)
  return 1
}

export function reset(self: Htable, _msg: SipMessage, name: string): Verdict {
  const table = known(self, name)
  if (table === null) return -1
  table.clear()
  return 1
}

export function remove(self: Htable, _msg: SipMessage, name: string, item: string): Verdict {
  const table = known(self, name)
  if (table === null) return -1
  table.remove(item)
  return 1
}

/** sht_rm_name_re, sht_rm_value_re: 1 whatever they find. */
export const removeByExpression =
  (part: Part) =>
  (self: Htable, msg: SipMessage, key: TableKey): Verdict => {
    const table = key.tableOf(self)
    const test = regexTest(key.name(msg))
    if (test === null) self.error(`a malformed expression: ${key.name(msg)}`)
    else if (table !== null) removeWhere(table, part, test)
    return 1
  }

/** sht_rm_name, sht_rm_value. */
export const removeBy =
  (part: Part) =>
  (self: Htable, _msg: SipMessage, name: string, operator: string, wanted: string): Verdict => {
    const table = known(self, name)
    const test = operator === 'eq' || operator === 'ne' ? null : wordTest(operator, wanted)
    if (test === null) self.error(`cannot remove by ${operator} "${wanted}"`)
    if (table === null || test === null) return -1
    removeWhere(table, part, test)
    return 1
  }

/** sht_match_* and sht_has_*, which are the same. */
const matches =
  (part: Part) =>
  (self: Htable, _msg: SipMessage, name: string, operator: string, wanted: string): Verdict => {
    const table = known(self, name)
    const test = wordTest(operator, wanted)
    if (test === null) self.error(`cannot match by ${operator} "${wanted}"`)
    return table !== null && test !== null && has(table, part, test) ? 1 : -1
  }

export const matchName = matches(nameOf)
export const matchText = matches(textOf)

/** sht_setxs, sht_setxi: a value and how long it lives. */
export function setWithEnd(
  self: Htable,
  _msg: SipMessage,
  name: string,
  item: string,
  value: ItemValue,
  seconds: number,
): Verdict {
  const table = known(self, name)
  if (table === null) return -1
  table.set(item, value)
  table.setSecondsLeft(item, seconds)
  return 1
}

/** The sum is the return code: 0 ends the script, as in Kamailio. */
export const added =
  (by: number) =>
  (self: Htable, _msg: SipMessage, name: string, item: string): Verdict =>
    known(self, name)?.add32(item, by) ?? -1

export const isNull = (self: Htable, _msg: SipMessage, name: string, item: string): Verdict =>
  known(self, name)?.find(item) == null ? 1 : -1
