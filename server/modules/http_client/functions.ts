/** The functions of http_client. */
import type { HttpAnswer, HttpQuestion } from '../../core/http/settings.ts'
import type { PvHandle, Verdict } from '../../core/module/index.ts'
import type { SipMessage } from '../../sip/message.ts'
import type { Connection, HttpClientModule } from './http_client.ts'

const linesOf = (headers: string): string[] => headers.split(/\r?\n/).filter(line => line !== '')

const put = (msg: SipMessage, result: PvHandle, value: string): void => {
  result.set?.(msg, value)
}

/** The body of an answer that is worth one: those of a server that failed are not. */
const bodyOf = ({ status, body }: HttpAnswer): string => (status >= 200 && status < 500 ? body : '')

/** The number for the script: a status, or below 100 what failed. */
const codeOf = ({ error, status }: HttpAnswer): Verdict => (error === 0 ? status : error)

async function ask(
  self: HttpClientModule,
  msg: SipMessage,
  question: HttpQuestion,
  result: PvHandle,
): Promise<Verdict> {
  const { query_result, query_maxdatasize } = self.config
  const answer = await self.ask(question, self.query)
  const body = bodyOf(answer)
  const end = query_result === 0 ? -1 : body.indexOf('\n')
  // A first line is never cut, as in Kamailio.
  const most = query_maxdatasize > 0 ? query_maxdatasize : body.length
  put(msg, result, body.slice(0, end < 0 ? most : end))
  return codeOf(answer)
}

/** The result is the last argument, whatever stands between it and the URL. */
export function httpClientQuery(
  self: HttpClientModule,
  msg: SipMessage,
  url: string,
  ...more: (string | PvHandle | undefined)[]
): Verdict | Promise<Verdict> {
  const given = more.filter(one => one !== undefined)
  const result = given.pop() as PvHandle
  const [post = '', headers = ''] = given as string[]
  if (url === '') return noUrl(self)
  const method = post === '' ? 'GET' : 'POST'
  const body = post === '' ? null : post
  return ask(self, msg, { method, url, headers: linesOf(headers), body }, result)
}

export function httpClientGet(
  self: HttpClientModule,
  msg: SipMessage,
  url: string,
  body: string,
  headers: string,
  result: PvHandle,
): Verdict | Promise<Verdict> {
  if (url === '') return noUrl(self)
  const given = { body: body === '' ? null : body, headers: linesOf(headers) }
  return ask(self, msg, { method: 'GET', url, ...given }, result)
}

function noUrl(self: HttpClientModule): Verdict {
  self.error('invalid url parameter')
  return -1
}

/** A connection, and behind it those that it names for when it fails; each one once. */
function* chain(self: HttpClientModule, name: string): Generator<Connection | undefined> {
  const seen = new Set<string>()
  for (let next = name; next !== '' && !seen.has(next); ) {
    const connection = self.connections.get(next)
    yield connection
    seen.add(next)
    next = connection?.failover ?? ''
  }
}

const urlOf = ({ scheme, address }: Connection, path: string): string => {
  const between = path === '' || path.startsWith('/') ? '' : '/'
  return `${scheme}://${address}${between}${path}`
}

export async function httpConnectRaw(
  self: HttpClientModule,
  msg: SipMessage,
  name: string,
  path: string,
  contentType: string,
  data: string,
  result: PvHandle,
): Promise<Verdict> {
  let code = -1
  let body = ''
  for (const connection of chain(self, name)) {
    code = -1
    if (connection === undefined) {
      self.error(`No cURL connection found: ${name}`)
      break
    }
    const answer = await self.ask(
      {
        method: data === '' ? 'GET' : 'POST',
        url: urlOf(connection, path),
        headers: data === '' ? [] : [`Content-Type: ${contentType}`],
        body: data === '' ? null : data,
      },
      connection.settings,
    )
    connection.visited = answer.url
    const type = answer.headers.find(line => /^content-type:/i.test(line)) ?? ''
    connection.contentType = type.slice(type.indexOf(':') + 1).trim()
    code = codeOf(answer)
    body = bodyOf(answer)
    if (answer.error === 0 && answer.status < 500) break
    if (connection.failover !== '')
      self.error(`FAILURE: Trying failover to curl con (${connection.failover})`)
  }
  put(msg, result, body)
  return code
}

/** http_connect() with a result, or with a type, data and a result. */
export function httpConnect(
  self: HttpClientModule,
  msg: SipMessage,
  name: string,
  path: string,
  typeOrResult: string | PvHandle,
  data?: string,
  result?: PvHandle,
): Verdict | Promise<Verdict> {
  if (typeof typeOrResult !== 'string')
    return httpConnectRaw(self, msg, name, path, '', '', typeOrResult)
  if (data !== undefined && result !== undefined)
    return httpConnectRaw(self, msg, name, path, typeOrResult, data, result)
  self.error('http_connect: Invalid parameters')
  return -1
}

export function httpGetRedirect(
  self: HttpClientModule,
  msg: SipMessage,
  name: string,
  result: PvHandle,
): Verdict {
  const connection = self.connections.get(name)
  put(msg, result, connection?.visited ?? '')
  if (connection !== undefined) return 1
  self.error(`No cURL connection found: ${name}`)
  return -1
}
