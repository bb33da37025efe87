/**
 * Times as C's strftime prints them, in local time or UTC, for $timef, {s.ftime} and the fields of
 * $time.
 */
const DAYS = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday']
const MONTHS = [
  'January',
  'February',
  'March',
  'April',
  'May',
  'June',
  'July',
  'August',
  'September',
  'October',
  'November',
  'December',
]

/** A time in its parts. */
export interface Fields {
  readonly sec: number
  readonly min: number
  readonly hour: number
  readonly mday: number
  /** 1 to 12. */
  readonly mon: number
  readonly year: number
  /** 0 is Sunday. */
  readonly wday: number
  /** 1 to 366. */
  readonly yday: number
  readonly isdst: number
  /** Minutes east of Greenwich. */
  readonly offset: number
  readonly seconds: number
}

const DAY = 86_400_000

/** The fields of a moment in milliseconds since 1970. */
export function fieldsOf(milliseconds: number, utc: boolean): Fields {
  const there = new Date(milliseconds)
  const offset = utc ? 0 : -there.getTimezoneOffset()
  const at = new Date(milliseconds + offset * 60_000)
  const year = at.getUTCFullYear()
  const midnight = Date.UTC(year, at.getUTCMonth(), at.getUTCDate())
  return {
    sec: at.getUTCSeconds(),
    min: at.getUTCMinutes(),
    hour: at.getUTCHours(),
    mday: at.getUTCDate(),
    mon: at.getUTCMonth() + 1,
    year,
    wday: at.getUTCDay(),
    yday: (midnight - Date.UTC(year, 0, 1)) / DAY + 1,
    isdst: utc ? 0 : isSummer(there),
    offset,
    seconds: Math.floor(milliseconds / 1000),
  }
}

function isSummer(date: Date): number {
  const year = date.getFullYear()
  const winter = Math.max(
    new Date(year, 0, 1).getTimezoneOffset(),
    new Date(year, 6, 1).getTimezoneOffset(),
  )
  return date.getTimezoneOffset() < winter ? 1 : 0
}

const two = (value: number, pad = '0'): string => String(value).padStart(2, pad)

/** Week of the year whose weeks start on `first` (0 Sunday, 1 Monday). */
const week = (f: Fields, first: number): number =>
  Math.floor((f.yday - 1 + 7 - ((f.wday - first + 7) % 7)) / 7)

/** Year and week of ISO 8601: the week belongs to the year that its Thursday is in. */
function isoWeek(f: Fields): { year: number; week: number } {
  const thursday = Date.UTC(f.year, f.mon - 1, f.mday - ((f.wday + 6) % 7) + 3)
  const year = new Date(thursday).getUTCFullYear()
  return { year, week: 1 + Math.floor((thursday - Date.UTC(year, 0, 1)) / (7 * DAY)) }
}

function zone(f: Fields): string {
  const minutes = Math.abs(f.offset)
  return `${f.offset < 0 ? '-' : '+'}${two(Math.floor(minutes / 60))}${two(minutes % 60)}`
}

const hour12 = (f: Fields): number => f.hour % 12 || 12

/** What a conversion letter stands for. */
const CONVERSIONS: Record<string, (f: Fields) => string> = {
  a: f => DAYS[f.wday]!.slice(0, 3),
  A: f => DAYS[f.wday]!,
  b: f => MONTHS[f.mon - 1]!.slice(0, 3),
  B: f => MONTHS[f.mon - 1]!,
  c: f => strftime('%a %b %e %H:%M:%S %Y', f),
  C: f => two(Math.floor(f.year / 100)),
  d: f => two(f.mday),
  D: f => strftime('%m/%d/%y', f),
  e: f => two(f.mday, ' '),
  F: f => strftime('%Y-%m-%d', f),
  g: f => two(isoWeek(f).year % 100),
  G: f => String(isoWeek(f).year),
  h: f => MONTHS[f.mon - 1]!.slice(0, 3),
  H: f => two(f.hour),
  I: f => two(hour12(f)),
  j: f => String(f.yday).padStart(3, '0'),
  k: f => two(f.hour, ' '),
  l: f => two(hour12(f), ' '),
  m: f => two(f.mon),
  M: f => two(f.min),
  n: () => '\n',
  p: f => (f.hour < 12 ? 'AM' : 'PM'),
  P: f => (f.hour < 12 ? 'am' : 'pm'),
  r: f => strftime('%I:%M:%S %p', f),
  R: f => strftime('%H:%M', f),
  s: f => String(f.seconds),
  S: f => two(f.sec),
  t: () => '\t',
  T: f => strftime('%H:%M:%S', f),
  u: f => String(f.wday || 7),
  U: f => two(week(f, 0)),
  V: f => two(isoWeek(f).week),
  w: f => String(f.wday),
  W: f => two(week(f, 1)),
  x: f => strftime('%m/%d/%y', f),
  X: f => strftime('%H:%M:%S', f),
  y: f => two(f.year % 100),
  Y: f => String(f.year),
  z: zone,
  Z: f => (f.offset === 0 ? 'UTC' : zone(f)),
  '%': () => '%',
}

/** Fills a format; a letter that C does not know stays as it is written. */
export function strftime(format: string, fields: Fields): string {
  return format.replace(/%([EO]?)([a-zA-Z%])/g, (whole, _modifier: string, letter: string) => {
    const conversion = CONVERSIONS[letter]
    return conversion === undefined ? whole : conversion(fields)
  })
}
