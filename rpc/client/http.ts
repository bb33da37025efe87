/** `http://host:port/RPC` and `https://`: one POST per call; a node answers in Kamailio's JSON. */
import { Agent, type IncomingMessage, request } from 'node:http'
import { Agent as SecureAgent, request as secureRequest } from 'node:https'
import { NoAnswer } from '../faults.ts'
import { type LinkEvents, LONGEST_REPLY, type OpenLink } from './link.ts'

/** Nothing is opened before the first call; `timeoutMs` bounds each. */
export const openHttp: OpenLink = (endpoint, timeoutMs, _signal, events) => {
  const url = URL.parse(endpoint)
  if (url === null) {
    return Promise.reject(new NoAnswer('unreachable', endpoint, `not a URL: ${endpoint}`))
  }
  const secure = url.protocol === 'https:'
  // A connection per call: a config may close after each reply (set_reply_close), and a call that
  // fails on a connection that was just closed cannot be told from one that was executed.
  const agent = secure ? new SecureAgent() : new Agent()
  const ask = secure ? secureRequest : request
  const send = (text: string): Promise<void> =>
    new Promise((resolve, reject) => {
      const body = Buffer.from(text)
      const headers = { 'Content-Type': 'application/json', 'Content-Length': body.length }
      const call = ask(url, { method: 'POST', agent, headers, timeout: timeoutMs })
      call.on('response', response => {
        collect(response, events).then(resolve, reject)
      })
      call.on('timeout', () => call.destroy(new Error(`no answer in ${timeoutMs} ms`)))
      call.on('error', reject)
      call.end(body)
    })
  return Promise.resolve({
    duplex: false,
    kamailio: true,
    send,
    close: () => {
      agent.destroy()
      events.onClose(null)
      return Promise.resolve()
    },
  })
}

async function collect(response: IncomingMessage, events: LinkEvents): Promise<void> {
  const parts: Buffer[] = []
  let length = 0
  for await (const part of response) {
    parts.push(part as Buffer)
    length += (part as Buffer).length
    if (length > LONGEST_REPLY) throw new Error('reply too long')
  }
  const text = Buffer.concat(parts).toString('utf8')
  if (!text.trimStart().startsWith('{')) {
    throw new Error(`HTTP ${response.statusCode} ${response.statusMessage}, not a JSON-RPC reply`)
  }
  events.onText(text)
}
