/** hf_iterator_*: the headers of a message one after the other. */
import type { PvValue, Verdict } from '../../core/module/index.ts'
import { Edit } from '../../sip/edit.ts'
import { NEXT, START, STRIDE, type SipMessage } from '../../sip/message.ts'
import type { Textopsx } from './textopsx.ts'

export class HeaderIterator {
  /** The headers as they were when it was started: a message read again does not move it. */
  private readonly headers: readonly number[]
  private index: number

  constructor(msg: SipMessage) {
    this.headers = msg.headers
    this.index = -STRIDE
  }

  /** Index into the message's headers, -1 before the first and after the last. */
  current(msg: SipMessage): number {
    const valid = this.headers === msg.headers && this.index < this.headers.length
    return valid && this.index >= 0 ? this.index : -1
  }

  next(msg: SipMessage): boolean {
    if (this.index < this.headers.length) this.index += STRIDE
    return this.current(msg) >= 0
  }

  previous(): void {
    if (this.index >= 0) this.index -= STRIDE
  }
}

export function startHeaders(self: Textopsx, msg: SipMessage, name: string): Verdict {
  if (self.headerIterators.start(msg, name)) return 1
  return self.fail('no iterator available - max number is 4')
}

export function endHeaders(self: Textopsx, msg: SipMessage, name: string): Verdict {
  if (self.headerIterators.end(msg, name)) return 1
  return self.fail(`iterator not available [${name}]`)
}

export function nextHeader(self: Textopsx, msg: SipMessage, name: string): Verdict {
  return self.headerIterators.get(msg, name)?.next(msg) === true ? 1 : -1
}

export function previousHeader(self: Textopsx, msg: SipMessage, name: string): Verdict {
  const iterator = self.headerIterators.get(msg, name)
  if (iterator === null) return -1
  iterator.previous()
  return 1
}

/** Index of the header that the iterator stands on, or -1. */
function standing(self: Textopsx, msg: SipMessage, name: string): number {
  return self.headerIterators.get(msg, name)?.current(msg) ?? -1
}

export function removeHere(self: Textopsx, msg: SipMessage, name: string): Verdict {
  const index = standing(self, msg, name)
  if (index < 0) return -1
  const start = msg.headers[index + START]!
  msg.addEdit(new Edit(start, msg.headers[index + NEXT]! - start, ''))
  return 1
}

export function appendHere(self: Textopsx, msg: SipMessage, name: string, text: string): Verdict {
  const index = standing(self, msg, name)
  if (index < 0 || text === '') return -1
  msg.addEdit(new Edit(msg.headers[index + NEXT]!, 0, text))
  return 1
}

export function insertHere(self: Textopsx, msg: SipMessage, name: string, text: string): Verdict {
  const index = standing(self, msg, name)
  if (index < 0 || text === '') return -1
  msg.addEdit(new Edit(msg.headers[index + START]!, 0, text))
  return 1
}

/** $hfitname(iterator) */
export function nameHere(self: Textopsx, msg: SipMessage, name: string): PvValue {
  const index = standing(self, msg, name)
  return index < 0 ? null : msg.nameAt(index)
}

/** $hfitbody(iterator) */
export function bodyHere(self: Textopsx, msg: SipMessage, name: string): PvValue {
  const index = standing(self, msg, name)
  return index < 0 ? null : msg.bodyAt(index)
}
