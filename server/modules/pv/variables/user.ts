/**
 * Variables that a script makes: $var, $vn, $vz, $shv and $avp; $sel asks for a part of the
 * message by its path.
 */
import { type AvpName, avpOf, avpsOf, parseAvpName } from '../../../core/avp.ts'
import { ALL_INDEXES, BadValue, keyed, NO_INDEX, since6 } from '../../../core/module/index.ts'
import type { Pvar, PvValue } from '../../../core/module/index.ts'
import type { SipMessage } from '../../../sip/message.ts'
import type { Pv } from '../pv.ts'
import { parseSelect } from '../selects/parse.ts'

type Row = Pvar<Pv>

function readName(inner: string): string {
  const name = inner.trim()
  if (name === '') throw new BadValue('a name is expected')
  return name
}

// Compiled scripts reach $var(x) by its slot; this is for names that are known only at run time.
const scriptVariable = (doc: string): Row =>
  keyed({
    doc,
    parse: readName,
    get: (self: Pv, _msg, name) => self.core.vars.values[self.core.vars.slot(name)]!,
    set: (self, _msg, value, name) => {
      self.core.vars.values[self.core.vars.slot(name)] = value ?? 0
    },
  })

interface AvpKey {
  readonly name: AvpName
  /** Without s: or i: before it, it may be an alias. */
  readonly bare: boolean
}

function readAvp(inner: string): AvpKey {
  const name = parseAvpName(inner)
  if (name === null) throw new BadValue(`${inner} is no name of an AVP`)
  return { name, bare: !/^\s*[si]:/i.test(inner) }
}

/** The value of a variable is the name: a number is the name of i:number. */
function readAvpValue(value: PvValue): AvpKey {
  if (typeof value === 'number') return { name: value, bare: false }
  return readAvp(value ?? '')
}

const nameOf = (self: Pv, key: AvpKey): AvpName =>
  self.aliases === null || !key.bare ? key.name : (self.aliases.get(key.name as string) ?? key.name)

/** Negative indexes count from the oldest. */
const fromOldest = (msg: SipMessage, name: AvpName, index: number): number =>
  msg.avps === null ? -1 : avpsOf(msg).count(name) + index

function getAvp(self: Pv, msg: SipMessage, key: AvpKey, index: number): PvValue {
  const name = nameOf(self, key)
  if (index === NO_INDEX) return avpOf(msg, name)
  if (index !== ALL_INDEXES)
    return avpOf(msg, name, index < 0 ? fromOldest(msg, name, index) : index)
  const values = msg.avps === null ? [] : avpsOf(msg).all(name)
  return values.length === 0 ? null : values.join(', ')
}

/**
 * An assignment pushes; `[*]` empties the stack first; null takes the newest away, with `[*]` all.
 */
function setAvp(self: Pv, msg: SipMessage, value: PvValue, key: AvpKey, index: number): void {
  const store = avpsOf(msg)
  const name = nameOf(self, key)
  if (index === ALL_INDEXES) store.deleteAll(name)
  else if (value === null) store.pop(name)
  if (value !== null) store.push(name, value)
}

export const userVariables: Record<string, Row> = {
  var: scriptVariable(
    'A variable of the script; it keeps its value from message to message, 0 until set.',
  ),
  vz: scriptVariable('The same as $var.'),
  vn: keyed({
    doc: 'As $var, but null until set.',
    parse: readName,
    get: (self: Pv, _msg, name) => self.nullable.get(name) ?? null,
    set: (self, _msg, value, name) => {
      self.nullable.set(name, value)
    },
  }),
  shv: keyed({
    doc: 'A variable of the whole node, also set by pv.shvSet.',
    parse: readName,
    get: (self: Pv, _msg, name) => self.shared.get(name),
    set: (self, _msg, value, name) => self.shared.set(name, value ?? ''),
  }),
  shvinc: since6(
    keyed({
      doc: 'Adds 1 to $shv(x) and gives the sum.',
      parse: readName,
      get: (self: Pv, _msg, name) => {
        const value = self.shared.get(name)
        const next = typeof value === 'number' ? (value + 1) | 0 : 1
        self.shared.set(name, next)
        return next
      },
    }),
  ),
  avp: keyed({
    doc: 'A value that goes with the message and its transaction; assignments stack up.',
    parse: readAvp,
    parseValue: readAvpValue,
    get: getAvp,
    set: setAvp,
  }),
  sel: keyed({
    doc: 'A part of the message or a fact by its path, as $sel(from.uri.user).',
    parse: parseSelect,
    get: (self: Pv, msg, select) => select(self.core, msg),
  }),
}
