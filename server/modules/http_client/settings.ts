/** Settings of a connection: those of the parameters, and what its definition says otherwise. */
import { isAbsolute, dirname, resolve } from 'node:path'
import type { HttpSettings } from '../../core/http/settings.ts'
import { isTlsVersion } from '../../core/http/settings.ts'
import { BadValue, type ConfigOf } from '../../core/module/index.ts'
import type { params } from './http_client.module.ts'

/** A definition as it was read: values as texts, by Kamailio's names. */
export interface Definition {
  readonly name: string
  readonly url: string
  readonly options: ReadonlyMap<string, string>
}

/** Seconds when the parameter is 0. */
export const SHORTEST = 4
const TLS_NAMES: Readonly<Record<string, number>> = {
  DEFAULT: 0,
  TLSv1: 1,
  SSLv2: 2,
  SSLv3: 3,
  'TLSv1.0': 4,
  'TLSv1.1': 5,
  'TLSv1.2': 6,
}
const YES = /^(yes|true|on|enable)$/i
const NO = /^(no|false|off|disable)$/i

/** What a definition may say. */
export const OPTIONS = new Set([
  ...['username', 'password', 'authmethod', 'useragent', 'failover', 'timeout', 'maxdatasize'],
  ...['verify_peer', 'verify_host', 'client_cert', 'client_key', 'cipher_suites', 'tlsversion'],
  ...['httpredirect', 'http_follow_redirect', 'keep_connections', 'httpproxy', 'httpproxyport'],
])

export const URL_SYNTAX = /^([a-z][\w+.-]*):\/\/(?:([^@/:]*)(?::([^@/]*))?@)?(.+)$/i

/** `name=>scheme://[user:password@]host[/path][;option=value...]`; throws BadValue. */
export function readConnection(given: string | number): Definition {
  const text = String(given)
  const bad = (): never => {
    throw new BadValue(`invalid curl parameter [${text}]`, 'name=>http://host/path;timeout=2')
  }
  const [, name, rest] = /^\s*(\w[^=\s]*)\s*=>\s*(.*)$/s.exec(text) ?? bad()
  const [url = '', ...parts] = rest!.split(';')
  if (!URL_SYNTAX.test(url.trim())) bad()
  const options = new Map<string, string>()
  for (const part of parts) {
    const equals = part.indexOf('=')
    if (equals < 1) bad()
    options.set(part.slice(0, equals).trim(), part.slice(equals + 1).trim())
  }
  return { name: name!, url: url.trim(), options }
}

/** Paths that do not begin with a slash or a dot are relative to the config file. */
export function pathOf(path: string, configFile: string): string {
  if (path === '' || isAbsolute(path) || path.startsWith('.')) return path
  return resolve(dirname(configFile), path)
}

function numberOf(text: string): number | null {
  if (YES.test(text)) return 1
  if (NO.test(text)) return 0
  return /^-?\d+$/.test(text) ? Number(text) : null
}

/** Reads the options of one connection; what is wrong is told, and the default stands. */
class Reader {
  private readonly definition: Definition
  private readonly warn: (text: string) => void

  constructor(definition: Definition, warn: (text: string) => void) {
    this.definition = definition
    this.warn = warn
  }

  text(name: string, usual: string): string {
    return this.definition.options.get(name) ?? usual
  }

  number(name: string, usual: number): number {
    const text = this.definition.options.get(name)
    if (text === undefined) return usual
    const number = numberOf(text)
    if (number === null) this.bad(name)
    return number ?? usual
  }

  tlsVersion(usual: number): number {
    const text = this.definition.options.get('tlsversion')
    if (text === undefined) return usual
    const number = TLS_NAMES[text] ?? numberOf(text)
    if (number !== null && isTlsVersion(number)) return number
    this.bad('tlsversion', 'unsupported')
    return usual
  }

  private bad(name: string, how = 'bad'): void {
    this.warn(`curl connection [${this.definition.name}]: ${name} ${how} value. Using default`)
  }
}

type Config = ConfigOf<typeof params>

/** The settings that the parameters give, as http_client_query() has them. */
export function usualSettings(config: Config, userAgent: string, configFile: string): HttpSettings {
  return {
    tls: {
      verifyPeer: config.verify_peer !== 0,
      verifyHost: config.verify_host !== 0,
      authority: pathOf(config.cacert, configFile),
      authorityFolder: '',
      certificate: pathOf(config.client_cert, configFile),
      key: pathOf(config.client_key, configFile),
      ciphers: config.cipher_suites,
      version: isTlsVersion(config.tlsversion) ? config.tlsversion : 0,
    },
    timeout: (config.connection_timeout || SHORTEST) * 1000,
    userAgent: config.useragent || userAgent,
    followRedirects: config.httpredirect !== 0,
    keptBody: config.maxdatasize,
    keepAlive: config.keep_connections !== 0,
    authMethods: config.authmethod,
    user: '',
    password: '',
    proxy: config.httpproxy,
    proxyPort: config.httpproxyport,
    fromInterface: config.netinterface,
  }
}

/** The settings of a connection. */
export function settingsOf(
  definition: Definition,
  usual: HttpSettings,
  configFile: string,
  warn: (text: string) => void,
): HttpSettings {
  const read = new Reader(definition, warn)
  const [, , user = '', password = ''] = URL_SYNTAX.exec(definition.url)!
  const { tls } = usual
  const file = (name: string, path: string): string => pathOf(read.text(name, path), configFile)
  const redirect = read.number('http_follow_redirect', usual.followRedirects ? 1 : 0)
  const timeout = read.number('timeout', usual.timeout / 1000)
  return {
    ...usual,
    tls: {
      ...tls,
      verifyPeer: read.number('verify_peer', tls.verifyPeer ? 1 : 0) !== 0,
      verifyHost: read.number('verify_host', tls.verifyHost ? 2 : 0) !== 0,
      certificate: file('client_cert', tls.certificate),
      key: file('client_key', tls.key),
      ciphers: read.text('cipher_suites', tls.ciphers),
      version: read.tlsVersion(tls.version),
    },
    timeout: timeout > 0 ? timeout * 1000 : usual.timeout,
    userAgent: read.text('useragent', usual.userAgent),
    followRedirects: read.number('httpredirect', redirect) !== 0,
    keptBody: Math.max(0, read.number('maxdatasize', usual.keptBody)),
    keepAlive: read.number('keep_connections', usual.keepAlive ? 1 : 0) !== 0,
    authMethods: read.number('authmethod', usual.authMethods),
    user: read.text('username', user),
    password: read.text('password', password),
    proxy: read.text('httpproxy', usual.proxy),
    proxyPort: read.number('httpproxyport', usual.proxyPort),
  }
}
