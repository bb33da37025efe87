/** bl_iterator_*: the lines of a body one after the other, each with its line end. */
import type { PvValue, Verdict } from '../../core/module/index.ts'
import { Edit } from '../../sip/edit.ts'
import type { SipMessage } from '../../sip/message.ts'
import type { Textopsx } from './textopsx.ts'

export class BodyIterator {
  private readonly raw: string
  private readonly end: number
  /** The line it stands on; both are -1 before the first and after the last. */
  start: number
  stop: number
  private following: number

  constructor(msg: SipMessage) {
    const length = msg.contentLength
    this.raw = msg.raw
    this.end = length < 0 ? msg.raw.length : Math.min(msg.raw.length, msg.bodyStart + length)
    this.start = -1
    this.stop = -1
    this.following = msg.bodyStart
  }

  next(): boolean {
    if (this.following >= this.end) {
      this.start = this.stop = -1
      return false
    }
    const newline = this.raw.indexOf('\n', this.following)
    this.start = this.following
    this.stop = newline < 0 || newline >= this.end ? this.end : newline + 1
    this.following = this.stop
    return true
  }

  /** Does it stand on a line of the text that the message has now? */
  standsIn(msg: SipMessage): boolean {
    return this.start >= 0 && this.raw === msg.raw
  }
}

export function startLines(self: Textopsx, msg: SipMessage, name: string): Verdict {
  if (self.bodyIterators.start(msg, name)) return 1
  return self.fail('no iterator available - max number is 4')
}

export function endLines(self: Textopsx, msg: SipMessage, name: string): Verdict {
  if (self.bodyIterators.end(msg, name)) return 1
  return self.fail(`iterator not available [${name}]`)
}

export function nextLine(self: Textopsx, msg: SipMessage, name: string): Verdict {
  return self.bodyIterators.get(msg, name)?.next() === true ? 1 : -1
}

function standing(self: Textopsx, msg: SipMessage, name: string): BodyIterator | null {
  const iterator = self.bodyIterators.get(msg, name)
  return iterator !== null && iterator.standsIn(msg) ? iterator : null
}

export function removeLine(self: Textopsx, msg: SipMessage, name: string): Verdict {
  const line = standing(self, msg, name)
  if (line === null) return -1
  msg.addEdit(new Edit(line.start, line.stop - line.start, ''))
  return 1
}

export function appendLine(self: Textopsx, msg: SipMessage, name: string, text: string): Verdict {
  const line = standing(self, msg, name)
  if (line === null || text === '') return -1
  msg.addEdit(new Edit(line.stop, 0, text))
  return 1
}

export function insertLine(self: Textopsx, msg: SipMessage, name: string, text: string): Verdict {
  const line = standing(self, msg, name)
  if (line === null || text === '') return -1
  msg.addEdit(new Edit(line.start, 0, text))
  return 1
}

/** $blitval(iterator) */
export function lineHere(self: Textopsx, msg: SipMessage, name: string): PvValue {
  const line = standing(self, msg, name)
  return line === null ? null : msg.raw.slice(line.start, line.stop)
}
