/** $http_ok and its kin: what the route behind an answer is told. */
import { curlError } from '../../core/http/curl-errors.ts'
import type { HttpAnswer } from '../../core/http/settings.ts'
import { ALL_INDEXES, BadValue, NO_INDEX, type PvValue } from '../../core/module/index.ts'
import type { SipMessage } from '../../sip/message.ts'
import type { HttpAsyncClient } from './http_async_client.ts'

type Read = (answer: HttpAnswer) => PvValue

/** A variable that is null outside of such a route. */
export const told =
  (read: Read) =>
  (self: HttpAsyncClient, msg: SipMessage): PvValue => {
    const answer = self.toldTo(msg)?.answer
    return answer === undefined ? null : read(answer)
  }

/** The same, and null when there is no answer of the server. */
export const answered = (read: Read) => told(answer => (answer.error === 0 ? read(answer) : null))

/** Status line, headers and body. */
export const whole = ({ status, reason, headers, body }: HttpAnswer): string =>
  [`HTTP/1.1 ${status} ${reason}`, ...headers, '', body].join('\r\n')

export const errorText = ({ error }: HttpAnswer): PvValue => (error === 0 ? null : curlError(error))

export function headerOf(
  self: HttpAsyncClient,
  msg: SipMessage,
  name: string,
  index: number,
): PvValue {
  const answer = self.toldTo(msg)?.answer
  if (answer === undefined) return null
  const start = `${name.toLowerCase()}:`
  const values = answer.headers
    .filter(line => line.toLowerCase().startsWith(start))
    .map(line => line.slice(start.length).trim())
  if (index === ALL_INDEXES) return values.length === 0 ? null : values.join(',')
  return values.at(index === NO_INDEX ? 0 : index) ?? null
}

const TIMES: readonly string[] = ['total', 'starttransfer']

/** Throws BadValue. */
export function readTime(inner: string): string {
  const name = inner.trim()
  if (!TIMES.includes(name))
    throw new BadValue(`$http_time(${name}) is not known`, TIMES.join(', '))
  return name
}

/** Seconds, as a text: numbers of the script have no fractions. */
export function timeOf(self: HttpAsyncClient, msg: SipMessage, name: string): PvValue {
  const answer = self.toldTo(msg)?.answer
  if (answer === undefined) return null
  return (name === 'total' ? answer.total : answer.firstByte).toFixed(6)
}
