/** sht_iterator_*: going over the items of a table. */
import type { Verdict } from '../../core/module/index.ts'
import type { SipMessage } from '../../sip/message.ts'
import type { Htable, Walk } from './htable.ts'
import type { ItemValue } from './table.ts'

export function start(self: Htable, _msg: SipMessage, name: string, tableName: string): Verdict {
  const table = self.table(tableName)
  if (table === null) {
    self.error(`there is no table ${tableName}`)
    return -1
  }
  if (self.startWalk(name, table) !== null) return 1
  self.error(`sht_iterator_start(${name}): too many iterators at once`)
  return -1
}

export function end(self: Htable, _msg: SipMessage, name: string): Verdict {
  return self.walks.delete(name) ? 1 : -1
}

/** The next item; false behind the last. */
export function next(self: Htable, _msg: SipMessage, name: string): Verdict {
  const walk = self.walks.get(name)
  if (walk === undefined) {
    self.error(`there is no iterator ${name}`)
    return -1
  }
  const step = walk.items.next()
  walk.current = step.done === true ? null : step.value
  return walk.current === null ? -1 : 1
}

/** The walk that is at an item; null, with a line in the log, when it is at none. */
function at(self: Htable, name: string): Walk | null {
  const walk = self.walks.get(name)
  if (walk !== undefined && walk.current !== null) return walk
  self.error(`the iterator ${name} is at no item`)
  return null
}

export function remove(self: Htable, _msg: SipMessage, name: string): Verdict {
  const walk = at(self, name)
  if (walk === null) return -1
  walk.table.remove(walk.current!.name)
  walk.current = null
  return 1
}

export function set(self: Htable, _msg: SipMessage, name: string, value: ItemValue): Verdict {
  const walk = at(self, name)
  if (walk === null) return -1
  walk.table.set(walk.current!.name, value)
  return 1
}

export function setLeft(self: Htable, _msg: SipMessage, name: string, seconds: number): Verdict {
  const walk = at(self, name)
  if (walk === null) return -1
  walk.table.setSecondsLeft(walk.current!.name, seconds)
  return 1
}
