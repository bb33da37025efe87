/** The functions of xhttp_prom. */
import type { Verdict } from '../../core/module/index.ts'
import type { SipMessage } from '../../sip/message.ts'
import type { Metric } from './metric.ts'
import { numberOf } from './number.ts'
import type { XhttpProm } from './xhttp_prom.ts'

export type Labels = readonly (string | undefined)[]
const TYPE = 'text/plain; version=0.0.4'
const FAILED = 'Internal Server Error'

/** Those that are there. */
export const given = (labels: Labels): string[] => labels.filter(label => label !== undefined)

const verdict = (done: boolean): Verdict => (done ? 1 : -1)

/** Adds a number that must not be negative. */
export function addTo(
  self: XhttpProm,
  name: string,
  number: number,
  labels: readonly string[],
): boolean {
  const add = (metric: Metric, now: number): boolean => metric.add(number, labels, now)
  return number >= 0 && self.change('counter', name, labels, add)
}

export const setTo = (
  self: XhttpProm,
  kind: 'counter' | 'gauge',
  name: string,
  number: number,
  labels: readonly string[],
): boolean => self.change(kind, name, labels, (metric, now) => metric.set(number, labels, now))

export const observeIn = (
  self: XhttpProm,
  name: string,
  number: number,
  labels: readonly string[],
): boolean =>
  self.change('histogram', name, labels, (metric, now) => metric.observe(number, labels, now))

export function counterInc(
  self: XhttpProm,
  _msg: SipMessage,
  name: string,
  number: string,
  ...labels: Labels
): Verdict {
  if (/^\d+$/.test(number)) return verdict(addTo(self, name, Number(number), given(labels)))
  self.error(`no number: ${number}`)
  return -1
}

export const counterReset = (
  self: XhttpProm,
  _msg: SipMessage,
  name: string,
  ...labels: Labels
): Verdict => verdict(setTo(self, 'counter', name, 0, given(labels)))

export const gaugeReset = (
  self: XhttpProm,
  _msg: SipMessage,
  name: string,
  ...labels: Labels
): Verdict => verdict(setTo(self, 'gauge', name, 0, given(labels)))

/** A function whose number may have a fraction. */
const withNumber =
  (set: typeof observeIn, missing: string) =>
  (self: XhttpProm, _msg: SipMessage, name: string, text: string, ...labels: Labels): Verdict => {
    const number = numberOf(text)
    if (number !== null) return verdict(set(self, name, number, given(labels)))
    self.error(missing)
    return -1
  }

export const gaugeSet = withNumber(
  (self, name, number, labels) => setTo(self, 'gauge', name, number, labels),
  'No gauge number',
)
export const histogramObserve = withNumber(observeIn, 'No histogram number')

/** Answers an HTTP request with the metrics. */
export function dispatch(self: XhttpProm, msg: SipMessage): Verdict {
  const page = self.page()
  return page === null
    ? self.xhttp.reply(msg, 500, FAILED, TYPE, FAILED)
    : self.xhttp.reply(msg, 200, 'OK', TYPE, page)
}
