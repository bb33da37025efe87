/** The functions of dialplan. */
import type { Formats } from '../../core/core.ts'
import { addBranch, newBranch } from '../../core/branch.ts'
import { BadValue, type PvHandle, type PvValue, type Verdict } from '../../core/module/index.ts'
import { FAILURE_ROUTE } from '../../core/route-bits.ts'
import type { SipMessage } from '../../sip/message.ts'
import type { Dialplan } from './dialplan.ts'

const FAILED = -1
const NO_DIALPLAN = -2

/** A number, or a variable that has one; null: it has none now. */
export type DialplanId = (msg: SipMessage) => number | null

/** What is translated, and where the result is put; null: only its attributes are wanted. */
interface Way {
  readonly from: PvHandle
  readonly to: PvHandle | null
}

const toNumber = (value: PvValue): number | null => {
  if (typeof value === 'number') return value
  return value !== null && /^[+-]?\d+$/.test(value) ? Number(value) : null
}

/** Throws BadValue. */
export function readDialplan(text: string, formats: Formats): DialplanId {
  if (text.startsWith('$')) {
    const handle = formats.pvar(text)
    return msg => toNumber(handle.get(msg))
  }
  const number = toNumber(text.trim())
  if (number === null) throw new BadValue(`"${text}" is no dialplan`, 'a number, or a variable')
  return () => number
}

/** `$rU/$avp(dest)`, `$var(x)`; throws BadValue. */
export function readWay(text: string, formats: Formats): Way {
  const [from = '', to] = text.split('/').map(part => part.trim())
  return {
    from: formats.pvar(spelled(from)),
    to: to === undefined ? null : formats.target(spelled(to)),
  }
}

/** Names of older versions for what is $rU and $ru today. */
const OLD: Readonly<Record<string, string>> = {
  'ruri.user': '$rU',
  '$ruri.user': '$rU',
  ruri: '$ru',
  $ruri: '$ru',
}
const spelled = (name: string): string => OLD[name] ?? name

/** Null: what stands behind could not be translated; undefined: there is no such dialplan. */
function translate(
  self: Dialplan,
  msg: SipMessage,
  dpid: number,
  input: string,
): string | null | undefined {
  if (!self.has(dpid)) return undefined
  const rule = self.find(msg, dpid, input)
  const output = rule?.apply(msg, input) ?? null
  if (rule === null || output === null) return null
  self.attributes?.set?.(msg, rule.row.attrs)
  return output
}

function put(self: Dialplan, msg: SipMessage, to: PvHandle, output: string): Verdict {
  // A rule without a result leaves everything as it is.
  if (output === '') return 1
  if (to.set?.(msg, output) === false) return FAILED
  const moved = /^\$\(?r[uU]\b/.test(to.text) && msg.routeType === FAILURE_ROUTE
  if (moved && self.config.append_branch !== 0) addBranch(self.core, msg, newBranch(msg.uri))
  return 1
}

function verdict(
  self: Dialplan,
  msg: SipMessage,
  id: DialplanId,
  input: PvValue,
  to: PvHandle | null,
): Verdict {
  const dpid = id(msg)
  if (dpid === null || input === null) return FAILED
  const output = translate(self, msg, dpid, String(input))
  if (output === undefined) return NO_DIALPLAN
  if (output === null) return FAILED
  return to === null ? 1 : put(self, msg, to, output)
}

export function dpTranslate(self: Dialplan, msg: SipMessage, id: DialplanId, way?: Way): Verdict {
  const from = way?.from ?? self.user!
  const to = way === undefined ? self.user : way.to
  return verdict(self, msg, id, from.get(msg), to)
}

/** As KEMI scripts call it: with the names of two variables. */
export function dpTranslateVars(
  self: Dialplan,
  msg: SipMessage,
  dpid: number,
  from: string,
  to: string,
): number {
  const { formats, log } = self.core
  try {
    const input = formats.pvar(spelled(from)).get(msg)
    return verdict(self, msg, () => dpid, input, formats.target(spelled(to)))
  } catch (error) {
    if (!(error instanceof BadValue)) throw error
    log.error('dialplan', error.message)
    return FAILED
  }
}

export const dpReplace = (
  self: Dialplan,
  msg: SipMessage,
  id: DialplanId,
  input: string,
  to: PvHandle,
): Verdict => verdict(self, msg, id, input, to)

export const dpMatch = (self: Dialplan, msg: SipMessage, id: DialplanId, input: string): Verdict =>
  verdict(self, msg, id, input, null)

export function dpReload(self: Dialplan): Verdict {
  if (!self.mayReload()) return FAILED
  // Who is to blame stands in the log.
  self.rules.load('dp_reload()').catch(() => undefined)
  return 1
}
