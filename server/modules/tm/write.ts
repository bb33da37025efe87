/** t_write_req and t_write_unix: the request as text for a program that waits for such texts. */
import { closeSync, constants, openSync, writeSync } from 'node:fs'
import { BadValue, type Verdict } from '../../core/module/index.ts'
import { sendDatagramTo } from '../../core/rpc/unix-datagram.ts'
import type { SipMessage } from '../../sip/message.ts'
import type { Tm } from './tm.ts'
import type { Append } from './write-append.ts'
import { requestText } from './write-text.ts'

/** `action` or `action/append`. */
export interface Writing {
  readonly action: string
  /** '' for none. */
  readonly append: string
}

export function parseWriting(text: string): Writing {
  const slash = text.indexOf('/')
  const action = slash < 0 ? text : text.slice(0, slash)
  const append = slash < 0 ? '' : text.slice(slash + 1)
  if (action === '') throw new BadValue('empty action name')
  if (slash >= 0 && append === '') throw new BadValue('empty append name')
  return { action, append }
}

/** What is written; null is logged. */
function text(tm: Tm, msg: SipMessage, { action, append }: Writing): Buffer | null {
  const t = tm.current(msg)
  if (t === null) {
    tm.core.log.error('tm', 'no transaction found')
    return null
  }
  let lines: Append | null = null
  if (append !== '') {
    lines = tm.config.tw_append.find(({ name }) => name === append) ?? null
    if (lines === null) {
      tm.core.log.error('tm', `unknown append name <${append}>`)
      return null
    }
  }
  const whole = requestText(tm.core, t, msg, action, lines)
  if (whole === null) tm.core.log.error('tm', 'the request has no From, To or CSeq')
  return whole === null ? null : Buffer.from(whole, 'latin1')
}

/** Nobody is waited for: without a reader, or with one that does not read, it fails. */
export function writeToFifo(tm: Tm, msg: SipMessage, path: string, writing: Writing): Verdict {
  const bytes = text(tm, msg, writing)
  if (bytes === null) return -1
  try {
    const fd = openSync(path, constants.O_WRONLY | constants.O_NONBLOCK)
    try {
      if (writeSync(fd, bytes) === bytes.length) return 1
    } finally {
      closeSync(fd)
    }
    tm.core.log.error('tm', `write_to_fifo failed: [${path}] took only a part`)
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException
    const why =
      code === 'ENXIO'
        ? `cannot open fifo file - nobody listening for reading [${path}]`
        : `failed to open [${path}] fifo: ${message}`
    tm.core.log.error('tm', why)
  }
  return -1
}

/** Tried again for unix_tx_timeout while the reader's queue is full. */
export function writeToUnix(
  tm: Tm,
  msg: SipMessage,
  path: string,
  writing: Writing,
): Verdict | Promise<Verdict> {
  const bytes = text(tm, msg, writing)
  if (bytes === null) return -1
  return sendDatagramTo(path, bytes, tm.config.unix_tx_timeout).then(why => {
    if (why === null) return 1
    tm.core.log.error('tm', `write_to_unixsock failed: ${path}: ${why}`)
    return -1
  })
}
