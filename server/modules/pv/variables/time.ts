/** Time: seconds, texts, fields. */
import { keyed, variable, type Pvar, type PvValue } from '../../../core/module/index.ts'
import type { Pv } from '../pv.ts'
import { type Fields, fieldsOf, strftime } from '../strftime.ts'
import { oneOf } from './words.ts'

type Row = Pvar<Pv>

const FIELDS = ['sec', 'min', 'hour', 'mday', 'mon', 'year', 'wday', 'yday', 'isdst'] as const
type FieldWord = (typeof FIELDS)[number]

const fields = (doc: string, utc: boolean): Row =>
  keyed({
    doc,
    parse: oneOf(FIELDS),
    get: (self: Pv, _msg, word: FieldWord) => field(fieldsOf(self.core.clock.now(), utc), word),
  })

/** Days of the week count from 1, Sunday. */
const field = (at: Fields, word: FieldWord): number => (word === 'wday' ? at.wday + 1 : at[word])

const formatted = (doc: string, utc: boolean): Row =>
  keyed({
    doc,
    get: (self: Pv, _msg, format: string) => strftime(format, fieldsOf(self.core.clock.now(), utc)),
  })

const seconds = (self: Pv): number => Math.floor(self.core.clock.now() / 1000)
const text = (self: Pv): string =>
  strftime('%a %b %e %H:%M:%S %Y', fieldsOf(self.core.clock.now(), false))

/** Kamailio 6 added Sm. */
const PRECISE = ['s', 'u', 'sn', 'un', 'Sn', 'Fn', 'Sm'] as const
type PreciseWord = (typeof PRECISE)[number]

function precise(self: Pv, word: PreciseWord): PvValue {
  const now = self.core.clock.now()
  const whole = Math.floor(now / 1000)
  const micro = Math.floor((now - whole * 1000) * 1000)
  const fraction = String(micro).padStart(6, '0')
  switch (word) {
    case 's':
    case 'sn':
      return whole
    case 'u':
    case 'un':
      return micro
    case 'Sn':
      return `${whole}.${fraction}`
    case 'Sm':
      return monotonic(self)
    case 'Fn':
      return `${strftime('%Y-%m-%d %H:%M:%S', fieldsOf(now, false))}.${fraction}`
  }
}

/** Seconds with microseconds of a clock that is never set back. */
function monotonic(self: Pv): string {
  return (self.core.clock.monotonic() / 1000).toFixed(6)
}

const now: Row = variable({ doc: 'Seconds since 1970.', get: seconds })
const local: Row = variable({ doc: 'The time as a text.', get: text })

export const timeVariables: Record<string, Row> = {
  Ts: now,
  TS: now,
  Tf: local,
  TF: local,
  Tb: variable({
    doc: 'Seconds since 1970 at which the node started.',
    get: self => Math.floor(self.core.startedAt / 1000),
  }),
  TV: keyed({
    doc: 'Time to the microsecond: s seconds, u microseconds, Sn both, Fn a date, Sm steady.',
    parse: oneOf(PRECISE),
    get: (self: Pv, _msg, word: PreciseWord) => precise(self, word),
  }),
  time: fields('A field of the local time: sec min hour mday mon year wday yday isdst.', false),
  utime: fields('The same of UTC.', true),
  timef: formatted('The local time in a format of strftime.', false),
  utimef: formatted('UTC in a format of strftime.', true),
}
