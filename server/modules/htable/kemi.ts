/** What scripts in real languages have beside the functions: values are their own results. */
import { getters } from '../../core/kemi/getters.ts'
import {
  int,
  type KemiFunction,
  kemiFn,
  type PvValue,
  text,
  type Verdict,
} from '../../core/module/index.ts'
import type { SipMessage } from '../../sip/message.ts'
import type { Htable } from './htable.ts'
import { nameOf, type Part, regexTest, removeWhere, textOf } from './match.ts'

type Rows = Record<string, KemiFunction<Htable>>

const item = [text('table'), text('name')] as const

const value = (self: Htable, _msg: SipMessage, table: string, name: string): PvValue =>
  self.table(table)?.value(name) ?? null

const setter = (
  doc: string,
  set: (self: Htable, table: string, name: string, given: string | number) => boolean,
  kind: 'text' | 'int',
): KemiFunction<Htable> => {
  const run = (
    self: Htable,
    _msg: SipMessage,
    table: string,
    name: string,
    given: string | number,
  ): number => (set(self, table, name, given) ? 1 : -1)
  return kind === 'text'
    ? kemiFn({ doc, args: [...item, text('value')], returns: 'int', run })
    : kemiFn({ doc, args: [...item, int('value')], returns: 'int', run })
}

function set(self: Htable, table: string, name: string, given: string | number): boolean {
  self.table(table)?.set(name, given)
  return self.table(table) !== null
}

const remover = (doc: string, part: Part): KemiFunction<Htable> =>
  kemiFn({
    doc,
    args: [text('table'), text('expression')],
    returns: 'int',
    run: (self: Htable, _msg, name, expression) => {
      const table = self.table(name)
      const test = regexTest(expression)
      if (table === null || test === null) return -1
      removeWhere(table, part, test)
      return 1
    },
  })

/** Scripts cannot wait: a lock that another message holds is refused. */
function lock(self: Htable, msg: SipMessage, table: string, name: string): Verdict {
  return self.table(table) !== null && self.locks.tryLock(`${table}=>${name}`, msg) ? 1 : -1
}

function unlock(self: Htable, msg: SipMessage, table: string, name: string): Verdict {
  if (self.table(table) === null) return -1
  self.locks.unlock(`${table}=>${name}`, msg)
  return 1
}

export const kemi: Rows = {
  ...getters('sht_get', '', 'The value of an item', item, value),
  sht_sets: setter('Set an item to a text.', set, 'text'),
  sht_seti: setter('Set an item to a number.', set, 'int'),
  sht_setex: setter(
    'Give an item so many seconds.',
    (self, table, name, seconds) => {
      self.table(table)?.setSecondsLeft(name, Number(seconds))
      return self.table(table) !== null
    },
    'int',
  ),
  sht_rm_name_re: remover('Remove the items whose names match.', nameOf),
  sht_rm_value_re: remover('Remove the items whose texts match.', textOf),
  sht_lock: kemiFn({ doc: 'Take the lock of an item.', args: item, returns: 'int', run: lock }),
  sht_unlock: kemiFn({ doc: 'Give it back.', args: item, returns: 'int', run: unlock }),
}
