/** Requests to web servers: whoever asked waits, the node does not. */
import { randomBytes } from 'node:crypto'
import { type IncomingMessage, request as plainRequest } from 'node:http'
import { request as secureRequest } from 'node:https'
import type { Clock } from '../../lib/clock.ts'
import { answerChallenge, parseChallenge } from '../../sip/digest.ts'
import * as errors from './curl-errors.ts'
import { failureOf, HttpFailure } from './failure.ts'
import * as head from './request-head.ts'
import { type Agents, makeAgents } from './secure-agent.ts'
import { BASIC, DIGEST, type HttpAnswer, type HttpQuestion, type HttpSettings } from './settings.ts'

/** Requests at once, of one module; each holds a message. */
const MOST_RUNNING = 2048
/** Bytes of a body when nobody sets a bound. */
const MOST_BODY = 16 << 20
const MOST_REDIRECTS = 50
/** Ways of making requests whose connections are remembered. */
const MOST_AGENTS = 256
/** Milliseconds when nobody sets a bound. */
const LONGEST = 300_000

const isRedirect = (status: number): boolean => status > 300 && status < 309 && status !== 304

export class HttpClient {
  private readonly clock: Clock
  private readonly agents = new Map<string, Agents>()
  private readonly running = new Set<AbortController>()

  constructor(clock: Clock) {
    this.clock = clock
  }

  /** Ends all that goes on. */
  stop(): void {
    for (const one of this.running) one.abort()
    for (const agents of this.agents.values()) closeAgents(agents)
    this.agents.clear()
  }

  get isFull(): boolean {
    return this.running.size >= MOST_RUNNING
  }

  /** Never rejects: what went wrong is in the answer. */
  async ask(question: HttpQuestion, settings: HttpSettings): Promise<HttpAnswer> {
    if (this.isFull) return failed(errors.NO_ROOM, 0)
    const ending = new AbortController()
    this.running.add(ending)
    const began = this.clock.monotonic()
    const end = setTimeout(() => ending.abort(), settings.timeout || LONGEST)
    try {
      const exchange = new Exchange(this.clock, this.agentsFor(settings), settings, ending.signal)
      return await exchange.run(question)
    } catch (error) {
      const late = ending.signal.aborted
      const seconds = (this.clock.monotonic() - began) / 1000
      return failed(late ? errors.TIMED_OUT : failureOf(error), seconds)
    } finally {
      clearTimeout(end)
      this.running.delete(ending)
    }
  }

  private agentsFor(settings: HttpSettings): Agents {
    const { tls, proxy, proxyPort, keepAlive, fromInterface } = settings
    const key = JSON.stringify([tls, proxy, proxyPort, keepAlive, fromInterface])
    let agents = this.agents.get(key)
    if (agents === undefined) {
      agents = makeAgents(tls, head.proxyOf(settings), keepAlive)
      const [oldest] = this.agents.keys()
      if (oldest !== undefined && this.agents.size >= MOST_AGENTS) {
        closeAgents(this.agents.get(oldest)!)
        this.agents.delete(oldest)
      }
      this.agents.set(key, agents)
    }
    return agents
  }
}

function closeAgents({ plain, secure }: Agents): void {
  plain.destroy()
  secure.destroy()
}

const failed = (error: number, total: number): HttpAnswer => {
  const nothing = { status: 0, reason: '', headers: [], body: '', url: '' }
  return { error, ...nothing, firstByte: 0, total }
}

/** One request, with the redirects and the challenge that may follow. */
class Exchange {
  private readonly clock: Clock
  private readonly agents: Agents
  private readonly settings: HttpSettings
  private readonly signal: AbortSignal
  private readonly began: number

  constructor(clock: Clock, agents: Agents, settings: HttpSettings, signal: AbortSignal) {
    this.clock = clock
    this.agents = agents
    this.settings = settings
    this.signal = signal
    this.began = clock.monotonic()
  }

  async run(first: HttpQuestion): Promise<HttpAnswer> {
    let url = head.readUrl(first.url)
    let question = first
    let login = head.loginOf(url, this.settings)
    for (let redirects = 0; ; redirects++) {
      const answer = await this.withLogin(url, question, login)
      const to = answer.headers.find(line => /^location:/i.test(line))
      if (!this.settings.followRedirects || to === undefined || !isRedirect(answer.status))
        return answer
      if (redirects >= MOST_REDIRECTS) throw new HttpFailure(errors.TOO_MANY_REDIRECTS)
      const next = URL.parse(to.slice(to.indexOf(':') + 1).trim(), url)
      if (next === null) throw new HttpFailure(errors.BAD_URL)
      // Passwords are for the server that they were meant for.
      if (next.host !== url.host) login = null
      url = head.readUrl(next.href)
      // RFC 9110 section 15.4: after 301, 302 and 303 user agents go on with GET.
      if (answer.status < 304 && question.method !== 'GET')
        question = { ...question, method: 'GET', body: null }
    }
  }

  private async withLogin(
    url: URL,
    question: HttpQuestion,
    login: [string, string] | null,
  ): Promise<HttpAnswer> {
    const { authMethods } = this.settings
    const early = head.firstAuthorization(login, authMethods)
    const answer = await this.once(url, question, early)
    if (answer.status !== 401 || login === null || early !== null) return answer
    const authorization = this.answerTo(answer, url, question, login)
    return authorization === null ? answer : this.once(url, question, authorization)
  }

  /** The strongest way that both know. */
  private answerTo(
    { headers }: HttpAnswer,
    url: URL,
    { method, body }: HttpQuestion,
    login: [string, string],
  ): string | null {
    const { authMethods } = this.settings
    const asked = headers
      .filter(line => /^www-authenticate:/i.test(line))
      .map(line => line.slice(line.indexOf(':') + 1).trim())
    if ((authMethods & DIGEST) !== 0)
      for (const text of asked) {
        const challenge = parseChallenge(text)
        if (challenge === null) continue
        const who = { user: login[0], password: login[1], isHa1: false }
        const cnonce = randomBytes(16).toString('hex')
        return answerChallenge(challenge, who, method, pathOf(url), body ?? '', cnonce)
      }
    const basic = (authMethods & BASIC) !== 0 && asked.some(text => /^basic\b/i.test(text))
    return basic ? head.basic(login) : null
  }

  private async once(
    url: URL,
    question: HttpQuestion,
    authorization: string | null,
    again = false,
  ): Promise<HttpAnswer> {
    const { settings, signal } = this
    const secure = url.protocol === 'https:'
    const proxy = secure ? null : head.proxyOf(settings)
    const address = proxy ?? {
      host: url.hostname.replace(/^\[|\]$/g, ''),
      port: Number(url.port || (secure ? 443 : 80)),
    }
    const options = {
      ...address,
      method: question.method,
      path: proxy === null ? pathOf(url) : `${url.protocol}//${url.host}${pathOf(url)}`,
      headers: head.headersOf(url, question, settings, authorization),
      agent: secure ? this.agents.secure : this.agents.plain,
      localAddress: head.localAddressOf(settings),
      signal,
    }
    const asked = secure ? secureRequest(options) : plainRequest(options)
    const response = new Promise<IncomingMessage>((resolve, reject) => {
      asked.once('response', resolve)
      asked.on('error', reject)
    })
    asked.end(question.body ?? '', 'latin1')
    try {
      return await this.read(await response, url)
    } catch (error) {
      // A connection that was kept may have been closed by the server meanwhile.
      const stale = asked.reusedSocket && (error as NodeJS.ErrnoException).code === 'ECONNRESET'
      if (stale && !again) return this.once(url, question, authorization, true)
      if (proxy !== null && failureOf(error) === errors.NO_ADDRESS)
        throw new HttpFailure(errors.NO_PROXY_ADDRESS)
      throw error
    }
  }

  private async read(response: IncomingMessage, url: URL): Promise<HttpAnswer> {
    const { keptBody } = this.settings
    const firstByte = this.seconds()
    let body = ''
    response.setEncoding('latin1')
    try {
      for await (const chunk of response as AsyncIterable<string>) {
        if (keptBody === 0) body += chunk
        else if (body.length < keptBody) body += chunk.slice(0, keptBody - body.length)
        if (body.length > MOST_BODY) throw new HttpFailure(errors.TOO_LARGE)
      }
    } catch (error) {
      throw error instanceof HttpFailure ? error : new HttpFailure(errors.PARTIAL)
    }
    const { rawHeaders } = response
    const headers: string[] = []
    for (let i = 0; i < rawHeaders.length; i += 2)
      headers.push(`${rawHeaders[i]}: ${rawHeaders[i + 1]}`)
    return {
      error: 0,
      status: response.statusCode ?? 0,
      reason: response.statusMessage ?? '',
      headers,
      body,
      url: visited(url),
      firstByte,
      total: this.seconds(),
    }
  }

  private seconds(): number {
    return (this.clock.monotonic() - this.began) / 1000
  }
}

const pathOf = (url: URL): string => `${url.pathname}${url.search}`

const visited = (url: URL): string => `${url.protocol}//${url.host}${pathOf(url)}`
