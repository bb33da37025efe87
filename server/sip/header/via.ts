/**
 * Via (RFC 3261 section 20.42, rport of RFC 3581). Offsets are kept, because a proxy edits the top
 * one in place.
 */
import { protoNumber } from '../transport.ts'
import { endOfHost, findParam } from '../uri.ts'
import { endOfValue } from './list.ts'

/** Every branch made by an RFC 3261 element begins with this (section 8.1.1.7). */
export const MAGIC_COOKIE = 'z9hG4bK'

const VERSION = 'SIP/2.0'

export class Via {
  /** `SIP/2.0`. */
  readonly version: string
  readonly transport: string
  readonly host: string
  /** 0 when absent. */
  readonly port: number
  readonly params: string
  readonly branch: string
  readonly received: string
  /** null: no rport; '': asked for; else the value. */
  readonly rport: string | null
  /** Where this value starts and ends in the text it was read from; the end is before the comma. */
  readonly start: number
  readonly end: number
  /** Offset after the rport parameter's name when it has no value, else -1. */
  readonly rportAt: number

  constructor(
    version: string,
    transport: string,
    host: string,
    port: number,
    params: string,
    start: number,
    end: number,
    rportAt: number,
  ) {
    this.version = version
    this.transport = transport
    this.host = host
    this.port = port
    this.params = params
    this.branch = params === '' ? '' : (findParam(params, 'branch') ?? '')
    this.received = params === '' ? '' : (findParam(params, 'received') ?? '')
    this.rport = params === '' ? null : findParam(params, 'rport')
    this.start = start
    this.end = end
    this.rportAt = rportAt
  }

  get proto(): number {
    return protoNumber(this.transport)
  }
}

const isBlank = (code: number): boolean =>
  code === 0x20 || code === 0x09 || code === 0x0d || code === 0x0a

/** Blank space, even a new line, may stand around the slashes of a Via. */
const withoutBlanks = (text: string): string => text.replace(/[ \t\r\n]+/g, '')

/** Reads the Via value at `from` of `text`, at most to `limit`; null when it is malformed. */
export function parseVia(text: string, from: number, limit: number): Via | null {
  let i = from
  while (i < limit && isBlank(text.charCodeAt(i))) i++
  const start = i
  const end = endOfValue(text, i, limit)
  const nameEnd = text.indexOf('/', i)
  if (nameEnd < 0 || nameEnd >= end) return null
  const versionEnd = text.indexOf('/', nameEnd + 1)
  if (versionEnd < 0 || versionEnd >= end) return null
  const plain = text.startsWith(`${VERSION}/`, start)
  const version = plain ? VERSION : withoutBlanks(text.slice(start, versionEnd))
  if (!plain && version.toUpperCase() !== VERSION) return null
  i = versionEnd + 1
  while (i < end && isBlank(text.charCodeAt(i))) i++
  const transportStart = i
  while (i < end && !isBlank(text.charCodeAt(i))) i++
  const transport = text.slice(transportStart, i)
  while (i < end && isBlank(text.charCodeAt(i))) i++
  const hostStart = i
  i = endOfHost(text, i)
  if (i === hostStart || i > end) return null
  const host = text.slice(hostStart, i)
  while (i < end && isBlank(text.charCodeAt(i))) i++
  let port = 0
  if (i < end && text.charCodeAt(i) === 0x3a) {
    i++
    while (i < end && isBlank(text.charCodeAt(i))) i++
    const digits = i
    while (i < end && text.charCodeAt(i) >= 0x30 && text.charCodeAt(i) <= 0x39) {
      port = port * 10 + text.charCodeAt(i) - 0x30
      i++
    }
    if (i === digits || port > 65535) return null
    while (i < end && isBlank(text.charCodeAt(i))) i++
  }
  if (i === end) return new Via(version, transport, host, port, '', start, end, -1)
  // A comment may follow (RFC 2543); whatever else is there must be parameters.
  if (text.charCodeAt(i) !== 0x3b)
    return text.charCodeAt(i) === 0x28
      ? new Via(version, transport, host, port, '', start, end, -1)
      : null
  let stop = end
  while (stop > i && isBlank(text.charCodeAt(stop - 1))) stop--
  return new Via(
    version,
    transport,
    host,
    port,
    text.slice(i + 1, stop),
    start,
    stop,
    rportOffset(text, i, stop),
  )
}

/** Offset just after a value-less `;rport`, or -1. */
function rportOffset(text: string, from: number, end: number): number {
  for (
    let at = text.indexOf(';rport', from);
    at >= 0 && at < end;
    at = text.indexOf(';rport', at + 1)
  ) {
    const next = at + 6
    if (next === end || text.charCodeAt(next) === 0x3b) return next
  }
  return -1
}
