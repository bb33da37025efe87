/** The first line of a message: what it is, and whether it is one (RFC 3261 section 7.1, 7.2). */

/** Kamailio's $mt. */
export const REQUEST = 1
export const REPLY = 2

export interface FirstLine {
  type: number
  method: string
  uri: string
  version: string
  status: number
  reason: string
  end: number
  bad: string | null
}

const badLine = (why: string): FirstLine => ({
  type: REQUEST,
  method: '',
  uri: '',
  version: '',
  status: 0,
  reason: '',
  end: 0,
  bad: why,
})

export function readFirstLine(raw: string): FirstLine {
  const newline = raw.indexOf('\n')
  if (newline < 0) return badLine('no line end')
  const end = newline > 0 && raw.charCodeAt(newline - 1) === 0x0d ? newline - 1 : newline
  const space = raw.indexOf(' ')
  if (space <= 0 || space > end) return badLine('malformed first line')
  if (raw.charCodeAt(3) === 0x2f && raw.startsWith('SIP/'))
    return readStatusLine(raw, space, end, newline)
  // Replies of HTTP are for whoever asked for them (http_reply_hack).
  if (raw.charCodeAt(4) === 0x2f && raw.startsWith('HTTP/'))
    return readStatusLine(raw, space, end, newline)
  // RFC 4475 section 3.1.2.10: spaces behind the version may be ignored.
  let stop = end
  while (raw.charCodeAt(stop - 1) === 0x20) stop--
  // RFC 3261 section 7.1: exactly one space between the three parts; the version is the last of
  // them.
  const lastSpace = raw.lastIndexOf(' ', stop - 1)
  if (lastSpace <= space) return badLine('malformed request line')
  const method = raw.slice(0, space)
  const uri = raw.slice(space + 1, lastSpace)
  const version = raw.slice(lastSpace + 1, stop)
  let bad: string | null = null
  if (uri === '') bad = 'no request URI'
  else if (!isVersion(version)) bad = 'malformed version'
  return { type: REQUEST, method, uri, version, status: 0, reason: '', end: newline + 1, bad }
}

function isVersion(version: string): boolean {
  if (version === 'SIP/2.0') return true
  return /^(SIP|HTTP)\/\d+\.\d+$/i.test(version)
}

function readStatusLine(raw: string, space: number, end: number, newline: number): FirstLine {
  let status = 0
  let i = space + 1
  for (; i < space + 4; i++) {
    const digit = raw.charCodeAt(i) - 0x30
    if (digit < 0 || digit > 9) return badLine('malformed status line')
    status = status * 10 + digit
  }
  if (i < end && raw.charCodeAt(i) !== 0x20) return badLine('malformed status line')
  const bad = status < 100 ? 'status code below 100' : null
  const reason = raw.slice(Math.min(i + 1, end), end)
  return {
    type: REPLY,
    method: '',
    uri: '',
    version: raw.slice(0, space),
    status,
    reason,
    end: newline + 1,
    bad,
  }
}
