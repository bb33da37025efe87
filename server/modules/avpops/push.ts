/** avp_pushto(): values become the request URI, a part of it, the destination or branches. */
import { addBranch, newBranch } from '../../core/branch.ts'
import type { Formats } from '../../core/core.ts'
import { BadValue, type Verdict } from '../../core/module/index.ts'
import type { SipMessage } from '../../sip/message.ts'
import { partsOf, printUri } from '../../sip/uri-print.ts'
import { splitFlags } from './avp-name.ts'
import type { Avpops } from './avpops.ts'
import { readValues, type ValuesOf } from './operand.ts'

export type Destination = 'ru' | 'ru/username' | 'ru/domain' | 'du' | 'br'

const PLACES: readonly Destination[] = ['ru', 'ru/username', 'ru/domain', 'du', 'br']

/** Throws BadValue. */
export function readDestination(text: string): Destination {
  const found = PLACES.find(place => `$${place}` === text)
  if (found === undefined)
    throw new BadValue(`unsupported destination "${text}"; expected $ru,$du,$br`)
  return found
}

export interface Pushed {
  readonly values: ValuesOf
  readonly all: boolean
}

export function readPushed(text: string, formats: Formats): Pushed {
  const [variable, flags] = splitFlags(text, 'g')
  if (!variable.startsWith('$')) throw new BadValue('bad param 2; expected: $pseudo-variable ...')
  return { values: readValues(variable, formats), all: flags.includes('g') }
}

export function push(self: Avpops, msg: SipMessage, to: Destination, pushed: Pushed): Verdict {
  const values = pushed.values(msg)
  if (values.length === 0) return -1
  let isFirst = true
  for (const value of pushed.all ? values : values.slice(0, 1)) {
    // What the request URI was for the value before becomes a branch.
    if (!isFirst && to.startsWith('ru') && !addBranch(self.core, msg, newBranch(msg.uri))) return -1
    isFirst = false
    if (!put(self, msg, to, String(value))) return -1
  }
  return 1
}

function put(self: Avpops, msg: SipMessage, to: Destination, value: string): boolean {
  if (to === 'br') return addBranch(self.core, msg, newBranch(value))
  if (to === 'du') msg.setDstUri(value)
  else if (to === 'ru') msg.setUri(value)
  else {
    const uri = msg.sipUri
    if (uri === null) return false
    const parts = partsOf(uri)
    msg.setUri(
      printUri(to === 'ru/username' ? { ...parts, user: value } : { ...parts, host: value }),
    )
  }
  return true
}
