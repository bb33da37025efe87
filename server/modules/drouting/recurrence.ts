/** Times at which a rule counts: `start|duration|freq|until|interval|byday|bymday|byyday|...`. */
import { BadValue } from '../../core/module/index.ts'

type Frequency = 'daily' | 'weekly' | 'monthly' | 'yearly'
const FREQUENCIES: readonly string[] = ['daily', 'weekly', 'monthly', 'yearly']
const DAYS = ['SU', 'MO', 'TU', 'WE', 'TH', 'FR', 'SA']

const SECOND = 1000
const DAY_SECONDS = 86_400

/** A day of the week, and which one of the month or year. */
interface NthDay {
  readonly day: number
  readonly nth: number
}

export class Recurrence {
  private readonly start: Date
  /** Seconds; null: for ever from the start. */
  private readonly duration: number | null
  private readonly frequency: Frequency | null
  private readonly until: number | null
  private readonly interval: number
  private readonly byDay: readonly NthDay[]
  private readonly byMonthDay: readonly number[]
  private readonly byYearDay: readonly number[]
  private readonly byWeek: readonly number[]
  private readonly byMonth: readonly number[]

  /** Throws BadValue. */
  constructor(text: string) {
    const [start = '', duration = '', freq = '', until = '', interval = '', ...by] = text.split('|')
    const [days = '', monthDays = '', yearDays = '', weeks = '', months = ''] = by
    this.start = readTime(start, text)
    this.duration = readDuration(duration)
    const frequency = freq.toLowerCase()
    this.frequency = FREQUENCIES.includes(frequency) ? (frequency as Frequency) : null
    this.until = until === '' ? null : readTime(until, text).getTime()
    this.interval = Math.max(1, Number.parseInt(interval, 10) || 1)
    this.byDay = readDays(days)
    this.byMonthDay = numbers(monthDays)
    this.byYearDay = numbers(yearDays)
    this.byWeek = numbers(weeks)
    this.byMonth = numbers(months)
  }

  /** `now`: milliseconds since 1970. All is local time. */
  matches(now: number): boolean {
    const from = this.start.getTime()
    if (now < from) return false
    if (this.duration === null || now <= from + this.duration * SECOND) return true
    if (this.until !== null && now >= this.until + this.duration * SECOND) return false
    const at = new Date(now)
    return this.inInterval(at) && this.onDay(at) && this.inTime(at)
  }

  /** Is this one of every `interval` days, weeks, months or years? */
  private inInterval(at: Date): boolean {
    const { start, interval } = this
    switch (this.frequency) {
      case 'daily':
        return (dayNumber(at) - dayNumber(start)) % interval === 0
      case 'weekly':
        return (weekNumber(at) - weekNumber(start)) % interval === 0
      case 'monthly':
        return (monthNumber(at) - monthNumber(start)) % interval === 0
      case 'yearly':
        return (at.getFullYear() - start.getFullYear()) % interval === 0
      default:
        return false
    }
  }

  /** One of the days named, or where none is, the one of the start. */
  private onDay(at: Date): boolean {
    const { byDay, byMonthDay, byYearDay, byWeek, byMonth, frequency } = this
    const named = [byDay, byMonthDay, byYearDay, byMonth].some(list => list.length > 0)
    if (!named && (byWeek.length === 0 || frequency !== 'yearly')) return this.onDayOfStart(at)
    // Months and days of the year count from 0, as in Kamailio.
    return (
      isAmong(byMonth, at.getMonth(), 12) &&
      isAmong(byMonthDay, at.getDate(), daysInMonth(at) + 1) &&
      isAmong(byYearDay, dayOfYear(at), daysInYear(at)) &&
      (frequency !== 'yearly' || isAmong(byWeek, weekOfYear(at), 53)) &&
      this.onDayOfWeek(at)
    )
  }

  private onDayOfStart(at: Date): boolean {
    const { start } = this
    if (this.frequency === 'weekly') return at.getDay() === start.getDay()
    if (this.frequency === 'monthly') return at.getDate() === start.getDate()
    if (this.frequency !== 'yearly') return true
    return at.getDate() === start.getDate() && at.getMonth() === start.getMonth()
  }

  /** Which Monday it is matters for months and years only; without a number the first one. */
  private onDayOfWeek(at: Date): boolean {
    if (this.byDay.length === 0) return true
    const place = this.frequency === 'monthly' ? at.getDate() - 1 : dayOfYear(at)
    const length = this.frequency === 'monthly' ? daysInMonth(at) : daysInYear(at)
    const counts = this.frequency === 'monthly' || this.frequency === 'yearly'
    const nth = Math.floor(place / 7) + 1
    const fromEnd = -(Math.floor((length - 1 - place) / 7) + 1)
    return this.byDay.some(
      one => one.day === at.getDay() && (!counts || one.nth === nth || one.nth === fromEnd),
    )
  }

  private inTime(at: Date): boolean {
    const from = secondsOf(this.start)
    const now = secondsOf(at)
    return now >= from && now < from + this.duration!
  }
}

function readTime(text: string, all: string): Date {
  const found = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)$/.exec(text)
  if (found === null) throw new BadValue(`parse error in <${all}>`, 'as 20260101T000000')
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = found
    .slice(1)
    .map(Number)
  return new Date(year, month - 1, day, hour, minute, second)
}

const UNITS: Readonly<Record<string, number>> = {
  W: 7 * DAY_SECONDS,
  D: DAY_SECONDS,
  H: 3600,
  M: 60,
  S: 1,
}

/** `P1DT2H`; one that is malformed is none, as in Kamailio. */
function readDuration(text: string): number | null {
  const written = text.toUpperCase()
  if (!/^(?:P(?:\d+[WD])*)?T?(?:\d+[HMS])*$/.test(written) || !/\d/.test(written)) return null
  if (written.startsWith('T')) return null
  let seconds = 0
  for (const [, count, unit] of written.matchAll(/(\d+)([WDHMS])/g))
    seconds += Number(count) * UNITS[unit!]!
  return seconds
}

const numbers = (text: string): number[] =>
  [...text.matchAll(/[+-]?\d+/g)].map(([number]) => Number(number))

const readDays = (text: string): NthDay[] =>
  [...text.toUpperCase().matchAll(/([+-]?\d+)?(SU|MO|TU|WE|TH|FR|SA)/g)].map(
    ([, nth = '1', day]) => ({ day: DAYS.indexOf(day!), nth: Number(nth) }),
  )

/** A number below 0 counts from the end, which is at `end`. */
const isAmong = (list: readonly number[], value: number, end: number): boolean =>
  list.length === 0 || list.some(one => (one < 0 ? one + end : one) === value)

const secondsOf = (at: Date): number =>
  at.getHours() * 3600 + at.getMinutes() * 60 + at.getSeconds()
/** Days since 1970 by the calendar: the hours of summer time do not count. */
const dayNumber = (at: Date): number =>
  Date.UTC(at.getFullYear(), at.getMonth(), at.getDate()) / (DAY_SECONDS * SECOND)
/** Weeks begin on Monday, which 5 January 1970 was. */
const weekNumber = (at: Date): number => Math.floor((dayNumber(at) - 4) / 7)
const monthNumber = (at: Date): number => at.getFullYear() * 12 + at.getMonth()
const daysInMonth = (at: Date): number => new Date(at.getFullYear(), at.getMonth() + 1, 0).getDate()
const dayOfYear = (at: Date): number => dayNumber(at) - dayNumber(new Date(at.getFullYear(), 0, 1))
const daysInYear = (at: Date): number =>
  dayNumber(new Date(at.getFullYear() + 1, 0, 1)) - dayNumber(new Date(at.getFullYear(), 0, 1))
/** As strftime's %W: the first Monday begins week 1. */
const weekOfYear = (at: Date): number =>
  Math.floor((dayOfYear(at) + 7 - ((at.getDay() + 6) % 7)) / 7)
