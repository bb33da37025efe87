/** What a request says: its address and its headers. */
import { networkInterfaces } from 'node:os'
import { isIP } from 'node:net'
import * as errors from './curl-errors.ts'
import { HttpFailure } from './failure.ts'
import type { ProxyAddress } from './secure-agent.ts'
import { BASIC, DIGEST, type HttpQuestion, type HttpSettings } from './settings.ts'

const PROXY_PORT = 1080
const SCHEME = /^([a-z][a-z0-9+.-]*):\/\//i
const TOKEN = /^[\w!#$%&'*+.^`|~-]+$/
const FORM = 'application/x-www-form-urlencoded'

const byteOf = (letter: string): string => `%${letter.charCodeAt(0).toString(16).toUpperCase()}`

/** Throws HttpFailure. Without a scheme it is HTTP. */
export function readUrl(text: string): URL {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: bytes that no URL may have
  if (/[\x00-\x20\x7f]/.test(text)) throw new HttpFailure(errors.BAD_URL)
  const scheme = SCHEME.exec(text)?.[1]?.toLowerCase() ?? 'http'
  if (scheme !== 'http' && scheme !== 'https') throw new HttpFailure(errors.UNSUPPORTED_PROTOCOL)
  const bytes = text.replace(/[\x80-\xff]/g, byteOf)
  const url = URL.parse(SCHEME.test(bytes) ? bytes : `http://${bytes}`)
  if (url === null) throw new HttpFailure(errors.BAD_URL)
  return url
}

/** Where the proxy is; null for none. */
export function proxyOf({ proxy, proxyPort }: HttpSettings): ProxyAddress | null {
  if (proxy === '') return null
  const url = readUrl(proxy)
  const port = proxyPort > 0 ? proxyPort : Number(url.port || PROXY_PORT)
  return { host: url.hostname.replace(/^\[|\]$/g, ''), port }
}

/** The address of a network interface, or the address itself; undefined for any. */
export function localAddressOf({ fromInterface }: HttpSettings): string | undefined {
  if (fromInterface === '') return undefined
  const name = fromInterface.replace(/^(if|host)!/, '')
  if (isIP(name) !== 0) return name
  const addresses = networkInterfaces()[name] ?? []
  const found = addresses.find(({ family }) => family === 'IPv4') ?? addresses[0]
  if (found === undefined) throw new HttpFailure(errors.NO_INTERFACE)
  return found.address
}

/** Name and password: those of the settings, else those of the URL. */
export function loginOf(url: URL, { user, password }: HttpSettings): [string, string] | null {
  if (user !== '') return [user, password]
  if (url.username === '') return null
  return [decodeURIComponent(url.username), decodeURIComponent(url.password)]
}

/** Names and values by turns, as Node's client takes them. */
export function headersOf(
  url: URL,
  question: HttpQuestion,
  settings: HttpSettings,
  authorization: string | null,
): string[] {
  const { body } = question
  const headers = new Map<string, string[]>()
  const put = (name: string, value: string): void => void headers.set(name, [value])
  put('Host', url.host)
  if (authorization !== null) put('Authorization', authorization)
  if (settings.userAgent !== '') put('User-Agent', settings.userAgent)
  put('Accept', '*/*')
  if (settings.proxy !== '' && url.protocol === 'http:') put('Proxy-Connection', 'Keep-Alive')
  if (body !== null) {
    put('Content-Length', String(body.length))
    put('Content-Type', FORM)
  }
  const known = new Map([...headers.keys()].map(name => [name.toLowerCase(), name]))
  for (const line of question.headers) addLine(headers, known, line)
  if (!settings.keepAlive) put('Connection', 'close')
  return [...headers].flatMap(([name, values]) => values.flatMap(value => [name, value]))
}

/** The first line of a name takes the place of what is there by default, the next ones add. */
function addLine(headers: Map<string, string[]>, known: Map<string, string>, line: string): void {
  const colon = line.indexOf(':')
  const name = line.slice(0, colon)
  if (colon < 1 || !TOKEN.test(name) || name.toLowerCase() === 'content-length') return
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they would end the header
  const value = line
    .slice(colon + 1)
    .replace(/[\x00-\x08\x0a-\x1f\x7f]/g, '')
    .trim()
  const given = known.get(name.toLowerCase())
  if (given !== undefined) headers.delete(given)
  known.delete(name.toLowerCase())
  if (value === '') return
  const values = headers.get(name)
  if (values === undefined) headers.set(name, [value])
  else values.push(value)
}

/** Basic goes out with the first request where it is the only way. */
export function firstAuthorization(
  login: readonly [string, string] | null,
  methods: number,
): string | null {
  if (login === null || (methods & BASIC) === 0 || (methods & DIGEST) !== 0) return null
  return basic(login)
}

export const basic = ([user, password]: readonly [string, string]): string =>
  `Basic ${Buffer.from(`${user}:${password}`, 'latin1').toString('base64')}`
