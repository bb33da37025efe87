/** P-Charging-Vector (RFC 7315 section 4.6): $pcv and sip_p_charging_vector(). */
import { BadValue, type PvValue, type Verdict } from '../../core/module/index.ts'
import { Edit } from '../../sip/edit.ts'
import { findHeaders, headerName } from '../../sip/header-match.ts'
import { NEXT, START, type SipMessage } from '../../sip/message.ts'
import type { Siputils } from './siputils.ts'

const HEADER = headerName('P-Charging-Vector')

/** What $pcv(x) means, by its name in parentheses: '' is the whole. */
const FIELDS: Record<string, string> = {
  all: '',
  value: 'icid-value',
  genaddr: 'icid-generated-at',
  orig: 'orig-ioi',
  term: 'term-ioi',
}

export function parseField(inner: string): string {
  const field = FIELDS[inner]
  if (field === undefined)
    throw new BadValue(`unknown $pcv(${inner})`, `it has ${Object.keys(FIELDS).join(', ')}`)
  return field
}

/**
 * The vector that we gave the message, else the one that came; null when it has none with an icid-
 * value.
 */
function vectorOf(self: Siputils, msg: SipMessage): string | null {
  const own = self.chargingVectors.get(msg)
  if (own !== undefined) return own
  const [index] = findHeaders(msg, HEADER)
  if (index === undefined) return null
  const text = msg.bodyAt(index)
  return fieldOf(text, 'icid-value') === null ? null : text
}

function fieldOf(vector: string, name: string): string | null {
  for (const param of vector.split(';')) {
    const equals = param.indexOf('=')
    if (equals > 0 && param.slice(0, equals).trim().toLowerCase() === name)
      return param.slice(equals + 1).trim()
  }
  return null
}

/** $pcv(field) */
export function vectorField(self: Siputils, msg: SipMessage, field: string): PvValue {
  const vector = vectorOf(self, msg)
  return vector === null || field === '' ? vector : fieldOf(vector, field)
}

/** Flags: r removes the header, g makes one when there is none, f does both. */
export function chargingVector(self: Siputils, msg: SipMessage, flags: string): Verdict {
  const force = flags.includes('f')
  if (force || flags.includes('r')) remove(self, msg)
  if (!force && !flags.includes('g')) return 1
  if (!force && vectorOf(self, msg) !== null) return 1
  const id = self.core.random.hex(32).toUpperCase()
  const vector = `icid-value=${id}; icid-generated-at=${msg.received.dstIp}`
  self.chargingVectors.set(msg, vector)
  msg.addEdit(new Edit(msg.headersEnd, 0, `${HEADER.text}: ${vector}\r\n`))
  return 1
}

function remove(self: Siputils, msg: SipMessage): void {
  for (const index of findHeaders(msg, HEADER)) {
    const start = msg.headers[index + START]!
    msg.addEdit(new Edit(start, msg.headers[index + NEXT]! - start, ''))
  }
  const own = self.chargingVectors.get(msg)
  if (own === undefined || msg.edits === null) return
  msg.edits = msg.edits.filter(edit => edit.text !== `${HEADER.text}: ${own}\r\n`)
  self.chargingVectors.delete(msg)
}
