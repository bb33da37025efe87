/** Where a URL of MySQL leads. */
import { existsSync, readFileSync } from 'node:fs'
import type { ConnectionOptions } from 'mysql2'
import { BadValue } from '../../core/module/index.ts'
import { shownUrl, type DbUrl } from '../../core/db/url.ts'
import { readGroup } from './option-files.ts'

/** Where Debian's server listens for programs on the same machine. */
const SOCKET = '/run/mysqld/mysqld.sock'

export interface Security {
  /** opt_ssl_mode: 0 and 1 none, 2 and 3 encrypted, 4 and 5 with a certificate that is checked. */
  readonly mode: number
  /** File with certificates of authorities, '' those of the system. */
  readonly authorities: string
}

const VERIFY_CA = 4
const VERIFY_IDENTITY = 5

/**
 * Host, user and the rest. As with MySQL's own library `localhost` is the socket of this machine
 * when there is one; `[group]` in place of a host names a group in my.cnf.
 */
export function addressOf(url: DbUrl, security: Security): ConnectionOptions {
  const group = /^\[([^\]:]+)\]$/.exec(url.host)?.[1]
  const options = group === undefined ? new Map<string, string>() : readGroup(group)
  if (group !== undefined && options.size === 0)
    throw new BadValue(`${shownUrl(url)}: my.cnf has no group [${group}]`)
  const option = (name: string): string => options.get(name) ?? ''
  const host = group === undefined ? url.host.replace(/^\[|\]$/g, '') : option('host')
  const port = url.port || Number(option('port'))
  const database = url.database || option('database')
  const socket = url.parameters.get('socket') ?? option('socket')
  const own = socket === '' && port === 0 && (host === '' || host === 'localhost')
  const socketPath = own && existsSync(SOCKET) ? SOCKET : socket
  const place =
    socketPath === '' ? { host: host || 'localhost', port: port || 3306 } : { socketPath }
  const { mode, authorities } = security
  const tls = {
    rejectUnauthorized: mode >= VERIFY_CA,
    verifyIdentity: mode === VERIFY_IDENTITY,
    ...(authorities === '' ? {} : { ca: readFileSync(authorities, 'utf8') }),
  }
  return {
    ...place,
    user: url.user || option('user'),
    password: url.password || option('password'),
    ...(database === '' ? {} : { database }),
    ...(mode < 2 ? {} : { ssl: tls }),
  }
}
