/** avp_copy, avp_delete, avp_op, avp_subst and is_avp_set: AVPs made of others, or taken away. */
import { type AvpName, type AvpStore, type AvpValue, avpsOf } from '../../core/avp.ts'
import type { Formats } from '../../core/core.ts'
import { BadValue, type Verdict } from '../../core/module/index.ts'
import { parseSubstitution, type Substitution } from '../../core/substitution.ts'
import type { SipMessage } from '../../sip/message.ts'
import { endOfVariable, isKind, type NameOf, readAvp, splitFlags } from './avp-name.ts'
import type { Avpops } from './avpops.ts'
import { type Operation, readOperation } from './operand.ts'

/** An AVP with flags. */
interface Flagged {
  readonly name: NameOf
  readonly flags: string
}

export function readTarget(text: string, formats: Formats): Flagged {
  const [avp, flags] = splitFlags(text, 'gdns')
  return { name: readAvp(avp, formats), flags }
}

/** Takes the newest value away, or all of them. */
const take = (avps: AvpStore, name: AvpName, all: boolean): boolean =>
  all ? avps.deleteAll(name) : avps.pop(name)

/** As the flags n and s want it; null when a text is no number. */
function converted(value: AvpValue, flags: string): AvpValue | null {
  if (flags.includes('s')) return String(value)
  if (!flags.includes('n') || typeof value === 'number') return value
  return /^[+-]?\d+$/.test(value) ? Number(value) | 0 : null
}

export function copy(self: Avpops, msg: SipMessage, from: NameOf, to: Flagged): Verdict {
  const source = from(msg)
  const target = to.name(msg)
  if (source === null || target === null) return -1
  const avps = avpsOf(msg)
  const all = to.flags.includes('g')
  const values = avps.all(source).slice(0, all ? undefined : 1)
  if (values.length === 0) return -1
  if (to.flags.includes('d')) take(avps, source, all)
  for (const value of values) {
    const made = converted(value, to.flags)
    if (made === null) {
      self.error('cannot convert str to int')
      return -1
    }
    avps.push(target, made)
  }
  return 1
}

/** One AVP, or those of one kind of names: `s`, `i`, and `*` for all. */
export interface Deletion {
  readonly name: NameOf | null
  readonly kind: string
  readonly all: boolean
}

export function readDeletion(text: string, formats: Formats): Deletion {
  const [what, flags] = splitFlags(text, 'g')
  const all = flags.includes('g')
  if (what.startsWith('$')) return { name: readAvp(what, formats), kind: '', all }
  return { name: null, kind: what.toLowerCase(), all }
}

export function remove(_self: Avpops, msg: SipMessage, { name, kind, all }: Deletion): Verdict {
  const avps = avpsOf(msg)
  if (name !== null) {
    const known = name(msg)
    return known !== null && take(avps, known, all) ? 1 : -1
  }
  const names = avps.names().filter(one => kind === '*' || isOfKind(one, kind))
  for (const one of names) avps.deleteAll(one)
  return names.length > 0 ? 1 : -1
}

const isOfKind = (name: AvpName, kind: string): boolean =>
  (kind === 's' || kind === 'i') && isKind(name, kind)

/** The source, where the results go (the source itself when null), and flags. */
export interface Way {
  readonly from: NameOf
  readonly to: NameOf | null
  readonly flags: string
}

/** `$avp(a)`, `$avp(a)/$avp(b)`, `$avp(a)/$avp(b)/gd` or `$avp(a)/g`. */
export function readWay(text: string, formats: Formats): Way {
  const slash = endOfVariable(text)
  const from = readAvp(slash < 0 ? text : text.slice(0, slash), formats)
  const rest = slash < 0 ? '' : text.slice(slash + 1)
  if (!rest.startsWith('$')) return { from, to: null, flags: splitFlags(`/${rest}`, 'gd')[1] }
  const [to, flags] = splitFlags(rest, 'gd')
  return { from, to: readAvp(to, formats), flags }
}

const OPERATIONS = ['add', 'sub', 'mul', 'div', 'mod', 'and', 'or', 'xor', 'not']

export function readComputation(text: string, formats: Formats): Operation {
  const operation = readOperation(text, OPERATIONS, 'gd', formats)
  if (typeof operation.constant === 'string') throw new BadValue('value must be int', 'as add/i:5')
  return operation
}

/** Every number of the source gives one; with the flag d it goes. */
export function compute(self: Avpops, msg: SipMessage, way: Way, operation: Operation): Verdict {
  const source = way.from(msg)
  const target = (way.to ?? way.from)(msg)
  const [operand] = operation.values(msg)
  if (source === null || target === null || typeof operand !== 'number') return -1
  const avps = avpsOf(msg)
  const values = avps.all(source)
  const numbers = values.filter(value => typeof value === 'number')
  if (numbers.length === 0) return -1
  const results = numbers.map(value => computed(self, operation.name, value, operand))
  if (operation.flags.includes('d') || way.flags.includes('d')) {
    avps.deleteAll(source)
    for (const value of values.toReversed()) if (typeof value !== 'number') avps.push(source, value)
  }
  for (const result of results) avps.push(target, result)
  return 1
}

function computed(self: Avpops, name: string, left: number, right: number): number {
  switch (name) {
    case 'add':
      return (left + right) | 0
    case 'sub':
      return (left - right) | 0
    case 'mul':
      return Math.imul(left, right)
    case 'div':
      if (right === 0) self.error('division by 0')
      return right === 0 ? 0 : (left / right) | 0
    case 'mod':
      if (right === 0) self.error('modulo by 0')
      return right === 0 ? 0 : (left % right) | 0
    case 'and':
      return left & right
    case 'or':
      return left | right
    case 'xor':
      return left ^ right
    // Of the operand, as in Kamailio.
    default:
      return ~right
  }
}

export const substitute = (
  _self: Avpops,
  msg: SipMessage,
  way: Way,
  substitution: Substitution,
): Verdict => applied(msg, way, substitution)

export function substituteBy(self: Avpops, msg: SipMessage, way: Way, written: string): Verdict {
  try {
    return applied(msg, way, parseSubstitution(written, self.core.formats))
  } catch (error) {
    if (!(error instanceof BadValue)) throw error
    self.error(`bad subst re ${written}: ${error.message}`)
    return -3
  }
}

/** The newest text that matches, or with the flag g all of them. */
function applied(msg: SipMessage, { from, to, flags }: Way, substitution: Substitution): Verdict {
  const source = from(msg)
  const target = to === null ? source : to(msg)
  if (source === null || target === null) return -1
  const avps = avpsOf(msg)
  const kept: AvpValue[] = []
  const made: string[] = []
  for (const value of avps.all(source)) {
    const isDone = made.length > 0 && !flags.includes('g')
    const changed = isDone || typeof value === 'number' ? null : substitution.apply(msg, value)
    if (changed === null) kept.push(value)
    else made.push(changed)
  }
  if (made.length === 0) return -1
  if (to === null || flags.includes('d')) {
    avps.deleteAll(source)
    for (const value of kept.toReversed()) avps.push(source, value)
  }
  for (const value of made) avps.push(target, value)
  return 1
}

/** What `is_avp_set` wants of the newest value: text, number, empty. */
export function readQuestion(text: string, formats: Formats): Flagged {
  const [avp, flags] = splitFlags(text, 'sen')
  if (flags.includes('s') && flags.includes('n'))
    throw new BadValue(`invalid flag combination <${flags}>`, 's or n')
  return { name: readAvp(avp, formats), flags }
}

export function isSet(_self: Avpops, msg: SipMessage, { name, flags }: Flagged): Verdict {
  const known = name(msg)
  const value = known === null ? null : avpsOf(msg).get(known)
  if (value === null) return -1
  if (flags.includes('s') && typeof value === 'number') return -1
  if (flags.includes('n') && typeof value === 'string') return -1
  return flags.includes('e') && value !== '' && value !== 0 ? -1 : 1
}

export function print(self: Avpops, msg: SipMessage): Verdict {
  const avps = avpsOf(msg)
  for (const name of avps.names())
    for (const value of avps.all(name)) {
      const kind = typeof value === 'number' ? 'val_int' : 'val_str'
      self.core.log.info('avpops', `name=<${name}> ${kind}=<${value}>`)
    }
  return 1
}
