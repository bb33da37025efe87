/** The instance of http_client: its connections, and the requests that it makes. */
import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import type { Core } from '../../core/core.ts'
import * as errors from '../../core/http/curl-errors.ts'
import { HttpClient } from '../../core/http/http-client.ts'
import {
  BASIC,
  type HttpAnswer,
  type HttpQuestion,
  type HttpSettings,
  isTlsVersion,
} from '../../core/http/settings.ts'
import { BadValue, type ConfigOf, type ModuleEnv } from '../../core/module/index.ts'
import { readConnections } from './config-file.ts'
import type { params, stats } from './http_client.module.ts'
import {
  type Definition,
  OPTIONS,
  pathOf,
  settingsOf,
  SHORTEST,
  URL_SYNTAX,
  usualSettings,
} from './settings.ts'

export interface Connection {
  readonly name: string
  readonly scheme: string
  /** Host and path, without a password. */
  readonly address: string
  readonly failover: string
  readonly settings: HttpSettings
  /** Where the last answer came from; '' for none. */
  visited: string
  /** Content-Type of the last answer. */
  contentType: string
}

type Env = ModuleEnv<typeof params, {}, typeof stats>

export class HttpClientModule {
  readonly core: Core
  readonly config: ConfigOf<typeof params>
  readonly connections = new Map<string, Connection>()
  /** What http_client_query() works with. */
  readonly query: HttpSettings
  private readonly usual: HttpSettings
  private readonly stats: Env['stats']
  private readonly client: HttpClient

  constructor({ core, config, stats }: Env) {
    this.core = core
    this.config = config
    this.stats = stats
    this.client = new HttpClient(core.clock)
    const { configFile } = core.options
    const ours = core.params.user_agent_header.replace(/^User-Agent:\s*/i, '')
    this.usual = usualSettings(config, ours, configFile)
    // As Kamailio has it: no bound on what is read, no connection that is kept, no challenges.
    this.query = { ...this.usual, keptBody: 0, keepAlive: false, authMethods: BASIC }
  }

  /** Throws BadValue. */
  start(): void {
    const { httpcon, config_file, connection_timeout, tlsversion } = this.config
    if (connection_timeout === 0)
      this.warn(`CURL connection timeout set to zero. Using default ${SHORTEST} secs`)
    if (!isTlsVersion(tlsversion))
      this.warn(`tlsversion ${tlsversion} unsupported value. Using libcurl default`)
    for (const definition of httpcon) this.add(definition)
    if (config_file === '') return
    const path = resolve(pathOf(config_file, this.core.options.configFile))
    let text: string
    try {
      text = readFileSync(path, 'latin1')
    } catch (error) {
      const why = (error as Error).message
      throw new BadValue(`Failed to load http_client connections from [${path}]: ${why}`)
    }
    for (const definition of readConnections(text, path)) this.add(definition)
  }

  stop(): void {
    this.client.stop()
  }

  private add(definition: Definition): void {
    const { name, url, options } = definition
    if (this.connections.has(name)) throw new BadValue(`duplicate Curl connection name [${name}]`)
    for (const option of options.keys())
      if (!OPTIONS.has(option)) this.error(`curl Unknown parameter [${option}]`)
    const warn = (text: string): void => this.warn(text)
    const settings = settingsOf(definition, this.usual, this.core.options.configFile, warn)
    const [, scheme = '', , , address = ''] = URL_SYNTAX.exec(url)!
    const failover = options.get('failover') ?? ''
    const kept = { visited: '', contentType: '' }
    this.connections.set(name, { name, scheme, address, failover, settings, ...kept })
  }

  /** Asks once, counts, and tells the log what failed. */
  async ask(question: HttpQuestion, settings: HttpSettings): Promise<HttpAnswer> {
    const answer = await this.client.ask(question, settings)
    if (answer.status === 200) this.stats.connok.value++
    else this.stats.connfail.value++
    if (answer.error !== 0) this.tell(answer.error, question.url)
    return answer
  }

  private tell(code: number, url: string): void {
    const text = SENTENCES[code] ?? `failed to perform curl (${code})`
    if (code === errors.TIMED_OUT) this.warn(`${text} (url: ${url})`)
    else this.error(`${text} (url: ${url})`)
  }

  error(text: string): void {
    this.core.log.error('http_client', text)
  }

  private warn(text: string): void {
    this.core.log.warn('http_client', text)
  }
}

const SENTENCES: Readonly<Record<number, string>> = {
  [errors.UNSUPPORTED_PROTOCOL]: 'URL Schema not supported by curl',
  [errors.BAD_URL]: 'Malformed URL used in http client',
  [errors.NO_PROXY_ADDRESS]: "Couldn't resolve http proxy host",
  [errors.NO_ADDRESS]: "Couldn't resolve host",
  [errors.NO_CONNECTION]: 'failed to connect() to host',
  [errors.NO_ROOM]: 'too many requests at once',
  [errors.TIMED_OUT]: 'Curl library timed out on request',
  [errors.TLS_FAILED]: 'TLS error in curl connection',
  [errors.TOO_MANY_REDIRECTS]: 'Too many redirects',
  [errors.BAD_CERTIFICATE]: 'TLS local certificate error',
  [errors.BAD_CIPHER]: 'TLS cipher error',
  [errors.NOT_VERIFIED]: 'TLS server certificate validation error (No valid CA cert)',
  [errors.BAD_AUTHORITY]: 'TLS CA certificate read error',
}
