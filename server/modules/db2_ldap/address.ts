/** Which server a URL means. */
import { type DbUrl, shownUrl } from '../../core/db/url.ts'
import { BadValue } from '../../core/module/index.ts'
import { hostOf, type LdapMap, type LdapServer } from './map.ts'

const PORTS: Readonly<Record<string, number>> = { ldap: 389, ldaps: 636 }

/** `ldap:/name` of a section, `ldap://name:password@host:port`. Throws BadValue. */
export function serverOf(url: DbUrl, map: LdapMap): LdapServer {
  const { scheme, text, host, port, user, password, database, parameters } = url
  const sample = `${scheme}:/name of a [connection:name], or ${scheme}://name:password@host:port`
  if (!text.startsWith(`${scheme}://`)) return named(url, map)
  if (hostOf(host) === null) throw new BadValue(`${shownUrl(url)} names no server`, sample)
  if (database !== '' || parameters.size > 0)
    throw new BadValue(
      `${shownUrl(url)} says more than a server`,
      `what is searched for say the sections [table:...] of ${map.path}`,
    )
  // RFC 4513, 5.1.2: a name without a password is taken for nobody.
  if (user !== '' && password === '')
    throw new BadValue(`${shownUrl(url)} has a name and no password`, sample)
  return {
    host,
    port: port || PORTS[scheme]!,
    user,
    password,
    encryption: scheme === 'ldaps' ? 'whole' : 'none',
    authorities: '',
    verify: true,
  }
}

function named(url: DbUrl, { connections, path }: LdapMap): LdapServer {
  const server = connections.get(url.database)
  if (server === undefined)
    throw new BadValue(
      `${shownUrl(url)}: no section [connection:${url.database}] in ${path}`,
      `there are: ${[...connections.keys()].join(', ') || 'none'}`,
    )
  if (url.scheme === 'ldap') return server
  return { ...server, encryption: 'whole' }
}
