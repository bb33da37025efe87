/** The instance of http_async_client: requests whose answers run a route. */
import type { Core } from '../../core/core.ts'
import { curlError, TIMED_OUT } from '../../core/http/curl-errors.ts'
import { HttpClient } from '../../core/http/http-client.ts'
import type { HttpAnswer, HttpSettings } from '../../core/http/settings.ts'
import { eventMessage } from '../../core/event-message.ts'
import { logMistake } from '../../core/mistake.ts'
import type { ConfigOf, ModuleEnv, RouteBlock } from '../../core/module/index.ts'
import { REQUEST_ROUTE } from '../../core/route-bits.ts'
import type { SipMessage } from '../../sip/message.ts'
import type { TmApi } from '../tm/api.ts'
import type { needs, params, stats } from './http_async_client.module.ts'
import { type RequestSettings, usualRequest } from './request-settings.ts'

/** What a route is told of the request that it goes on behind. */
export interface Told {
  readonly id: string
  readonly answer: HttpAnswer
}

type Env = ModuleEnv<typeof params, typeof needs, typeof stats>

export class HttpAsyncClient {
  readonly core: Core
  readonly config: ConfigOf<typeof params>
  readonly tm: TmApi
  private readonly stats: Env['stats']
  private readonly client: HttpClient
  /** What $http_req() has set for the next request of a message. */
  private readonly next = new WeakMap<SipMessage, RequestSettings>()
  private readonly ids = new WeakMap<SipMessage, string>()
  private readonly told = new WeakMap<SipMessage, Told>()
  /** Of the route that is being begun. */
  private current: Told | null = null
  private asked = 0
  private stopped = false

  constructor({ core, config, apis, stats }: Env) {
    this.core = core
    this.config = config
    this.tm = apis.tm
    this.stats = stats
    this.client = new HttpClient(core.clock)
  }

  stop(): void {
    this.stopped = true
    this.client.stop()
  }

  error(text: string): void {
    this.core.log.error('http_async_client', text)
  }

  /** The settings of the next request of this message. */
  requestOf(msg: SipMessage): RequestSettings {
    let request = this.next.get(msg)
    if (request === undefined) {
      request = usualRequest(this.config)
      this.next.set(msg, request)
    }
    return request
  }

  forget(msg: SipMessage): void {
    this.next.delete(msg)
  }

  get isFull(): boolean {
    return this.client.isFull
  }

  /** What the route of this message is told; null outside of one. */
  toldTo(msg: SipMessage): Told | null {
    return this.current ?? this.told.get(msg) ?? null
  }

  /** The newest request of this message, or the one that its route goes on behind. */
  idOf(msg: SipMessage): string | null {
    return this.toldTo(msg)?.id ?? this.ids.get(msg) ?? null
  }

  /** Asks; `then` gets the answer, whatever it is. */
  ask(msg: SipMessage, url: string, request: RequestSettings, then: (told: Told) => void): void {
    const id = `${process.pid}-${++this.asked}`
    this.ids.set(msg, id)
    this.stats.requests.value++
    const { method, body, headers } = request
    const question = {
      method: method || (body === '' ? 'GET' : 'POST'),
      url,
      headers,
      body: body === '' && method !== 'POST' && method !== 'PUT' ? null : body,
    }
    this.say(`> ${question.method} ${url}`, headers)
    void this.client.ask(question, this.settingsOf(request)).then(answer => {
      if (this.stopped) return
      this.count(answer, url)
      try {
        then({ id, answer })
      } catch (error) {
        logMistake(this.core.log, `behind the answer of ${url}`, msg.raw, error)
      }
    })
  }

  private count({ error, status, headers }: HttpAnswer, url: string): void {
    if (error === 0) {
      this.stats.replies.value++
      this.say(`< ${status}`, headers)
      return
    }
    this.stats.errors.value++
    if (error === TIMED_OUT) this.stats.timeouts.value++
    this.error(`request to ${url} failed: ${curlError(error)}`)
  }

  /** curl_verbose. */
  private say(first: string, headers: readonly string[]): void {
    if (this.config.curl_verbose === 0) return
    this.core.log.info('http_async_client', [first, ...headers].join('; '))
  }

  /** Lets a request that was set aside go on in a block. */
  resume(hashIndex: number, label: number, block: RouteBlock, told: Told): void {
    const request = this.tm.find(hashIndex, label)?.request
    if (request) this.told.set(request, told)
    this.within(told, () => this.tm.resume(hashIndex, label, block))
  }

  /** Runs a block about nothing but the answer. */
  runAlone(block: RouteBlock, told: Told): void {
    const socket = this.core.sockets.list[0]
    if (socket === undefined) return
    const msg = eventMessage(socket)
    this.told.set(msg, told)
    this.within(told, () => void this.core.routes.run(block, msg, REQUEST_ROUTE))
  }

  private within(told: Told, run: () => void): void {
    this.current = told
    try {
      run()
    } finally {
      this.current = null
    }
  }

  private settingsOf(request: RequestSettings): HttpSettings {
    const { config, core } = this
    return {
      tls: {
        verifyPeer: config.tls_verify_peer !== 0,
        verifyHost: config.tls_verify_host !== 0,
        authority: '',
        authorityFolder: request.authorityFolder,
        certificate: request.certificate,
        key: request.key,
        ciphers: '',
        version: config.tls_version,
      },
      timeout: request.timeout,
      userAgent: core.params.user_agent_header.replace(/^User-Agent:\s*/i, ''),
      followRedirects: config.curl_follow_redirect !== 0,
      keptBody: 0,
      keepAlive: true,
      authMethods: request.authMethods,
      user: request.user,
      password: request.password,
      proxy: '',
      proxyPort: 0,
      fromInterface: '',
    }
  }
}
