/** Where a URL of PostgreSQL leads, and what `con_param` adds. */
import { existsSync, readFileSync } from 'node:fs'
import type { ClientConfig } from 'pg'
import { BadValue } from '../../core/module/index.ts'
import type { DbUrl } from '../../core/db/url.ts'

/** Where Debian's server listens for programs on the same machine. */
const SOCKETS = '/run/postgresql'

const SSL_MODES = ['disable', 'require', 'verify-ca', 'verify-full']
const NAMES = ['sslmode', 'sslrootcert', 'connect_timeout', 'application_name', 'options']

export interface ConnectionParameter {
  readonly name: string
  readonly value: string
}

/** `name=value` as PostgreSQL's own library takes them. Throws BadValue. */
export function readConnectionParameter(text: string): ConnectionParameter {
  const at = text.indexOf('=')
  const name = text.slice(0, at).trim()
  const value = text.slice(at + 1).trim()
  if (at < 0 || !NAMES.includes(name))
    throw new BadValue(`con_param "${text}" is not known`, `one of ${NAMES.join(', ')}`)
  if (name === 'sslmode' && !SSL_MODES.includes(value))
    throw new BadValue(`sslmode ${value} is not known`, `one of ${SSL_MODES.join(', ')}`)
  return { name, value }
}

export function addressOf(url: DbUrl, parameters: readonly ConnectionParameter[]): ClientConfig {
  const parameter = (name: string): string =>
    parameters.findLast(one => one.name === name)?.value ?? ''
  const folder = url.parameters.get('socket') ?? ''
  // No host is the socket of this machine, as with PostgreSQL's own library.
  const own = url.host === '' && existsSync(SOCKETS) ? SOCKETS : 'localhost'
  const mode = parameter('sslmode')
  const [authorities, name, options] = ['sslrootcert', 'application_name', 'options'].map(parameter)
  const ssl = {
    rejectUnauthorized: mode.startsWith('verify'),
    ...(authorities ? { ca: readFileSync(authorities, 'utf8') } : {}),
    ...(mode === 'verify-full' ? {} : { checkServerIdentity: () => undefined }),
  }
  return {
    host: folder || url.host.replace(/^\[|\]$/g, '') || own,
    port: url.port || 5432,
    user: url.user,
    password: url.password,
    database: url.database,
    application_name: name || 'ohana',
    ...(options ? { options } : {}),
    ssl: mode === '' || mode === 'disable' ? false : ssl,
    connectionTimeoutMillis: Number(parameter('connect_timeout')) * 1000,
  }
}
