/** `$http_req(key)`: what the next request of a message is like. */
import { BadValue, type ConfigOf, type PvValue } from '../../core/module/index.ts'
import type { params } from './http_async_client.module.ts'

export interface RequestSettings {
  /** '' : GET, or POST with a body. */
  method: string
  headers: string[]
  body: string
  /** Milliseconds. */
  timeout: number
  certificate: string
  key: string
  authorityFolder: string
  authMethods: number
  user: string
  password: string
  /** A transaction is set aside meanwhile. */
  suspend: boolean
}

type Config = ConfigOf<typeof params>

export const usualRequest = (config: Config): RequestSettings => ({
  method: '',
  headers: [],
  body: '',
  timeout: config.connection_timeout,
  certificate: config.tls_client_cert,
  key: config.tls_client_key,
  authorityFolder: config.tls_ca_path,
  authMethods: config.authmethod,
  user: '',
  password: '',
  suspend: true,
})

const METHODS: readonly string[] = ['GET', 'POST', 'PUT', 'DELETE']

const textOf = (value: PvValue, usual: string): string => (value === null ? usual : String(value))

function numberOf(value: PvValue, usual: number): number | null {
  if (value === null) return usual
  const number = typeof value === 'number' ? value : Number(value.trim() || 'none')
  return Number.isInteger(number) && number >= 0 ? number : null
}

type Setter = (request: RequestSettings, value: PvValue, config: Config) => boolean

const text =
  (to: 'body' | 'user' | 'password'): Setter =>
  (request, value) => {
    request[to] = textOf(value, '')
    return true
  }

const path =
  (
    to: 'certificate' | 'key' | 'authorityFolder',
    usual: 'tls_client_cert' | 'tls_client_key' | 'tls_ca_path',
  ): Setter =>
  (request, value, config) => {
    request[to] = textOf(value, config[usual])
    return true
  }

const number =
  (to: 'timeout' | 'authMethods', usual: 'connection_timeout' | 'authmethod'): Setter =>
  (request, value, config) => {
    const given = numberOf(value, config[usual])
    if (given !== null) request[to] = given
    return given !== null
  }

/** Each gives false for a value that it does not take; $null is the default. */
export const SETTERS: Readonly<Record<string, Setter>> = {
  all: (request, value, config) => {
    if (value !== null) return false
    Object.assign(request, usualRequest(config))
    return true
  },
  hdr: (request, value) => {
    if (value === null) request.headers = []
    else request.headers.push(...String(value).split(/\r?\n/))
    return true
  },
  body: text('body'),
  method: (request, value) => {
    const method = textOf(value, '').toUpperCase()
    if (method !== '' && !METHODS.includes(method)) return false
    request.method = method
    return true
  },
  timeout: number('timeout', 'connection_timeout'),
  tls_client_cert: path('certificate', 'tls_client_cert'),
  tls_client_key: path('key', 'tls_client_key'),
  tls_ca_path: path('authorityFolder', 'tls_ca_path'),
  authmethod: number('authMethods', 'authmethod'),
  username: text('user'),
  password: text('password'),
  suspend: (request, value) => {
    request.suspend = numberOf(value, 1) !== 0
    return true
  },
}

/** Throws BadValue. */
export function readKey(inner: string): string {
  const key = inner.trim()
  if (!Object.hasOwn(SETTERS, key))
    throw new BadValue(`$http_req(${key}) is not known`, Object.keys(SETTERS).join(', '))
  return key
}
