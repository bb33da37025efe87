/** $sht and its kin. */
import { BadValue, keyed, type Pvar, type PvValue } from '../../core/module/index.ts'
import type { SipMessage } from '../../sip/message.ts'
import type { Htable } from './htable.ts'
import { readKey, type TableKey } from './key.ts'
import { countBySign, nameOf, type Part, textOf } from './match.ts'

type Row = Pvar<Htable>

function get(self: Htable, msg: SipMessage, key: TableKey): PvValue {
  const table = key.tableOf(self)
  return table === null ? null : table.value(key.name(msg))
}

function set(self: Htable, msg: SipMessage, value: PvValue, key: TableKey): void {
  const table = key.tableOf(self)
  if (table === null) self.error(`there is no table ${key.tableName}`)
  else if (value === null) table.remove(key.name(msg))
  else table.set(key.name(msg), value)
}

function getLeft(self: Htable, msg: SipMessage, key: TableKey): PvValue {
  const table = key.tableOf(self)
  return table === null ? null : table.secondsLeft(key.name(msg))
}

function setLeft(self: Htable, msg: SipMessage, value: PvValue, key: TableKey): void {
  const table = key.tableOf(self)
  if (table === null) self.error(`there is no table ${key.tableName}`)
  else if (typeof value === 'string') self.error('$shtex takes a number of seconds')
  else table.setSecondsLeft(key.name(msg), value ?? 0)
}

const added =
  (by: number) =>
  (self: Htable, msg: SipMessage, key: TableKey): PvValue =>
    key.tableOf(self)?.add32(key.name(msg), by) ?? null

const counted =
  (part: Part) =>
  (self: Htable, msg: SipMessage, key: TableKey): PvValue => {
    const table = key.tableOf(self)
    return table === null ? null : countBySign(table, part, key.name(msg))
  }

const item = (doc: string, row: Pick<Pvar<Htable, TableKey>, 'get' | 'set'>): Row =>
  keyed<Htable, TableKey>({ doc, compile: readKey, ...row })

const RECORD = ['key', 'value'] as const

function recordWord(inner: string): (typeof RECORD)[number] {
  const word = RECORD.find(known => known === inner.trim())
  if (word !== undefined) return word
  throw new BadValue(`${inner} is no part of an item`, 'key or value')
}

export const variables: Record<string, Row> = {
  sht: item('The value of an item, $sht(table=>name).', { get, set }),
  shtex: item('Seconds that an item has left.', { get: getLeft, set: setLeft }),
  shtcn: item('How many names match: $shtcn(table=>~~expression).', { get: counted(nameOf) }),
  shtcv: item('How many values match: $shtcv(table=>~~expression).', { get: counted(textOf) }),
  shtinc: item('Adds 1 to an item and gives the sum.', { get: added(1) }),
  shtdec: item('Takes 1 from an item and gives what is left.', { get: added(-1) }),
  shtrecord: keyed({
    doc: 'In event_route[htable:expired:...]: key and value of the item that is over.',
    parse: recordWord,
    get: (self: Htable, _msg, word) => {
      if (self.expired === null) return null
      return word === 'key' ? self.expired.name : self.expired.value
    },
  }),
  shtitkey: keyed({
    doc: 'The name of the item at which an iterator is.',
    get: (self: Htable, _msg, name: string) => self.walks.get(name)?.current?.name ?? null,
  }),
  shtitval: keyed({
    doc: 'The value of the item at which an iterator is.',
    get: (self: Htable, _msg, name: string) => self.walks.get(name)?.current?.value ?? null,
  }),
}
