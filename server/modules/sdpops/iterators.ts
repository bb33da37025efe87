/** sdp_iterator_*: the lines of a session description one after the other, with their line ends. */
import type { PvValue, Verdict } from '../../core/module/index.ts'
import { Edit } from '../../sip/edit.ts'
import type { SipMessage } from '../../sip/message.ts'
import { describe, type Line } from './description.ts'
import type { Sdpops } from './sdpops.ts'

interface Walk {
  readonly lines: readonly Line[]
  /** The text that the lines are of: it changes with msg_apply_changes(). */
  readonly raw: string
  /** -1 before the first. */
  at: number
}

/** As many as a script may have open on a message. */
const MOST = 4

/** By message, then by name; they go when their message goes. */
export class Walks {
  private readonly byMessage = new WeakMap<SipMessage, Map<string, Walk>>()

  start(msg: SipMessage, name: string, lines: readonly Line[]): boolean {
    const walks = this.byMessage.get(msg) ?? new Map<string, Walk>()
    if (!walks.has(name) && walks.size >= MOST) return false
    walks.set(name, { lines, raw: msg.raw, at: -1 })
    this.byMessage.set(msg, walks)
    return true
  }

  get(msg: SipMessage, name: string): Walk | null {
    return this.byMessage.get(msg)?.get(name) ?? null
  }

  end(msg: SipMessage, name: string): boolean {
    return this.byMessage.get(msg)?.delete(name) ?? false
  }
}

export function start(self: Sdpops, msg: SipMessage, name: string): Verdict {
  const sdp = describe(msg)
  if (sdp === null) return -1
  if (self.walks.start(msg, name, sdp.lines)) return 1
  self.core.log.error('sdpops', `no iterator available - max number is ${MOST}`)
  return -1
}

export const end = (self: Sdpops, msg: SipMessage, name: string): Verdict =>
  self.walks.end(msg, name) ? 1 : -1

export function next(self: Sdpops, msg: SipMessage, name: string): Verdict {
  const walk = self.walks.get(msg, name)
  if (walk === null || walk.at >= walk.lines.length) return -1
  walk.at++
  return walk.at < walk.lines.length ? 1 : -1
}

/** The line at which it is, in the text that the message has now. */
function here(self: Sdpops, msg: SipMessage, name: string): Line | null {
  const walk = self.walks.get(msg, name)
  return walk === null || walk.raw !== msg.raw ? null : (walk.lines[walk.at] ?? null)
}

const editing =
  (make: (line: Line, text: string) => Edit) =>
  (self: Sdpops, msg: SipMessage, name: string, text = ''): Verdict => {
    const line = here(self, msg, name)
    if (line === null) return -1
    msg.addEdit(make(line, text))
    return 1
  }

export const remove = editing(({ start: from, next: to }) => new Edit(from, to - from, ''))
export const append = editing((line, text) => new Edit(line.next, 0, text))
export const insert = editing((line, text) => new Edit(line.start, 0, text))

/** $sdpitval(iterator) */
export function value(self: Sdpops, msg: SipMessage, name: string): PvValue {
  const line = here(self, msg, name)
  return line === null ? null : msg.raw.slice(line.start, line.next)
}
