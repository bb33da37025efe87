/** xlog and its sisters. */
import { L_ALERT, L_BUG, L_CRIT, L_DBG, L_ERR, L_INFO, L_NOTICE, L_WARN } from '../../core/log.ts'
import { facilityNumber } from '../../lib/syslog.ts'
import {
  BadValue,
  type ConfigFunction,
  fn,
  type Format,
  type KemiFunction,
  kemiFn,
  lazyFormat,
  optional,
  placedFormat,
  text,
  type Verdict,
} from '../../core/module/index.ts'
import { ANY_ROUTE } from '../../core/route-bits.ts'
import type { SipMessage } from '../../sip/message.ts'
import { isLevelWord, levelOf, type Xlog } from './xlog.ts'

type Rows = Record<string, ConfigFunction<Xlog>>

/** The level that a format gives; null after saying that it is none. */
function readLevel(self: Xlog, msg: SipMessage, format: Format): number | null {
  const text = format(msg)
  const level = levelOf(text)
  if (level === null) self.core.log.error('xlog', `invalid log level value [${text}]`)
  return level
}

/** xlog([[facility,] level,] format): a line of level L_ERR when none is given. */
const logger =
  (placeOf: (self: Xlog, format: Format) => string) =>
  (self: Xlog, msg: SipMessage, first: Format, second?: Format, third?: Format): Verdict => {
    if (second === undefined) return self.write(msg, L_ERR, first, placeOf(self, first))
    const level = readLevel(self, msg, third === undefined ? first : second)
    if (level === null) return -1
    const format = third ?? second
    const facility = third === undefined ? '' : first(msg)
    return self.write(msg, level, format, placeOf(self, format), facility)
  }

/** xlogm(level, format): nothing for the methods in methods_filter. */
function logUnfiltered(self: Xlog, msg: SipMessage, level: Format, format: Format): Verdict {
  if ((msg.methodBit & self.config.methods_filter) !== 0) return 1
  const number = readLevel(self, msg, level)
  return number === null ? -1 : self.write(msg, number, format, '')
}

const noPlace = (): string => ''
const withPlace = (self: Xlog, format: Format): string => self.placeOf(format)

/** A level that is written as such is a word, `L_ERR`; numbers are for variables. */
function checkLevel(text: string): void {
  if (text.length < 3 || !isLevelWord(text))
    throw new BadValue(`${text} is no log level`, 'one of L_ALERT ... L_DBG, or a variable')
}

function checkFacility(text: string): void {
  if (facilityNumber(text) < 0) throw new BadValue(`invalid syslog facility ${text}`)
}

/** By their number: format; level, format; facility, level, format. */
const argsOf = (kind: typeof lazyFormat) =>
  [
    {
      ...kind('facility, level or format'),
      check: (text: string, given: number): void => {
        if (given === 2) checkLevel(text)
        else if (given === 3) checkFacility(text)
      },
    },
    optional({
      ...kind('level or format'),
      check: (text: string, given: number): void => {
        if (given === 3) checkLevel(text)
      },
    }),
    optional(kind('format')),
  ] as const

/** One that has its level in its name. */
const fixed = (doc: string, level: number, placeOf = noPlace as typeof withPlace) =>
  fn({
    doc,
    args: [placeOf === withPlace ? placedFormat('format') : lazyFormat('format')],
    routes: ANY_ROUTE,
    run: (self: Xlog, msg, format) => self.write(msg, level, format, placeOf(self, format)),
  })

export const functions: Rows = {
  xlog: fn({
    doc: 'Write a line to the log, at level L_ERR or the one given.',
    args: argsOf(lazyFormat),
    routes: ANY_ROUTE,
    run: logger(noPlace),
  }),
  xlogl: fn({
    doc: 'The same with the line number of the config before it.',
    args: argsOf(placedFormat),
    routes: ANY_ROUTE,
    run: logger(withPlace),
  }),
  xlogm: fn({
    doc: 'As xlog, but not for messages with a method in methods_filter.',
    args: [{ ...lazyFormat('level'), check: checkLevel }, lazyFormat('format')],
    routes: ANY_ROUTE,
    run: logUnfiltered,
  }),
  xdbg: fixed('Write a line at level L_DBG.', L_DBG),
  xdbgl: fixed('The same with the line number of the config before it.', L_DBG, withPlace),
  xinfo: fixed('Write a line at level L_INFO.', L_INFO),
  xnotice: fixed('Write a line at level L_NOTICE.', L_NOTICE),
  xwarn: fixed('Write a line at level L_WARN.', L_WARN),
  xerr: fixed('Write a line at level L_ERR.', L_ERR),
  xbug: fixed('Write a line at level L_BUG.', L_BUG),
  xcrit: fixed('Write a line at level L_CRIT.', L_CRIT),
  xalert: fixed('Write a line at level L_ALERT.', L_ALERT),
}

/** What only KEMI scripts have. */
export const kemi: Record<string, KemiFunction<Xlog>> = {
  xlog: kemiFn({
    doc: 'Write a line to the log, at level L_DBG, L_INFO ... and at L_ERR for any other word.',
    args: [text('level'), lazyFormat('format')],
    returns: 'int',
    run: (self: Xlog, msg, word, format) => {
      const level = word.startsWith('L_') ? levelOf(word) : null
      return self.write(msg, level ?? L_ERR, format, '')
    },
  }),
}
