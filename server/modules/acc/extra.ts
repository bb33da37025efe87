/** `name=$variable;name=$variable`: the values that a config wants in each record. */
import { type AvpName, avpOf, parseAvpName } from '../../core/avp.ts'
import type { Core } from '../../core/core.ts'
import { BadValue, type PvValue } from '../../core/module/index.ts'
import type { SipMessage } from '../../sip/message.ts'
import type { Extra } from './api.ts'

/** Reads the list; `parameter` is named in what is thrown. */
export function parseExtras(text: string, parameter: string, most: number): Extra[] {
  const extras: Extra[] = []
  let at = 0
  while (at < text.length) {
    const equals = text.indexOf('=', at)
    const name = equals < 0 ? '' : text.slice(at, equals).trim()
    const end = equals < 0 ? text.length : endOfVariable(text, equals + 1)
    const variable = text.slice(equals + 1, end).trim()
    if (name === '' || !variable.startsWith('$')) {
      const found = text.slice(at, end).trim()
      throw new BadValue(
        `acc: ${parameter} has "${found}" where name=$variable should stand`,
        'for example src_user=$fU;src_ip=$si',
      )
    }
    extras.push({ name, variable, handle: null })
    at = end + 1
    while (at < text.length && text.charCodeAt(at) <= 0x20) at++
  }
  if (extras.length > most)
    throw new BadValue(`acc: ${parameter} has ${extras.length} values, more than ${most}`)
  return extras
}

/** A value of each leg of a call: a variable that is assigned once a leg. */
export interface LegValue {
  readonly name: string
  readonly avp: AvpName
}

/** `leg_src=$avp(src);leg_dst=$avp(dst)`. */
export function parseLegs(text: string, most: number): LegValue[] {
  return parseExtras(text, 'multi_leg_info', most).map(({ name, variable }) => {
    const avp = /^\$avp\([^()]+\)$/.test(variable) ? parseAvpName(variable.slice(5, -1)) : null
    if (avp === null) {
      throw new BadValue(
        `acc: multi_leg_info has ${variable}, and only $avp(name) has a value for each leg`,
        'for example leg_src=$avp(src)',
      )
    }
    return { name, avp }
  })
}

/**
 * One set of values per leg, the newest first, until all are used up; the first set is always
 * there.
 */
export function legsOf(legs: readonly LegValue[], msg: SipMessage): (PvValue | null)[][] {
  const sets: (PvValue | null)[][] = []
  if (legs.length === 0) return sets
  for (let leg = 0; ; leg++) {
    const set = legs.map(({ avp }) => avpOf(msg, avp, leg))
    if (leg > 0 && set.every(value => value === null)) return sets
    sets.push(set)
  }
}

export function printLegs(legs: readonly LegValue[], msg: SipMessage): string {
  let text = ''
  for (const set of legsOf(legs, msg))
    for (let i = 0; i < legs.length; i++) text += `;${legs[i]!.name}=${set[i] ?? ''}`
  return text
}

/** A semicolon in brackets belongs to the variable: `$(hdr(X){param.value,a})`. */
function endOfVariable(text: string, from: number): number {
  let depth = 0
  for (let i = from; i < text.length; i++) {
    const code = text.charCodeAt(i)
    if (code === 0x28 || code === 0x7b || code === 0x5b) depth++
    else if (code === 0x29 || code === 0x7d || code === 0x5d) depth--
    else if (code === 0x3b && depth === 0) return i
  }
  return text.length
}

export function compileExtras(core: Core, extras: readonly Extra[]): void {
  for (const extra of extras) extra.handle = core.formats.pvar(extra.variable)
}

/** `;name=value;name=value`; what has no value is empty. */
export function printExtras(extras: readonly Extra[], msg: SipMessage): string {
  let text = ''
  for (let i = 0; i < extras.length; i++) {
    const extra = extras[i]!
    text += `;${extra.name}=${extra.handle!.get(msg) ?? ''}`
  }
  return text
}
