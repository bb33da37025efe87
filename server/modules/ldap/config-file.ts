/** The configuration file of ldap: a section for each session with a directory. */
import { BadValue } from '../../core/module/index.ts'

export interface LdapSettings {
  readonly name: string
  /** Servers, in the order in which they are tried. */
  readonly urls: readonly string[]
  readonly bindDn: string
  readonly bindPassword: string
  /** Milliseconds for a connection, for a bind, for a search. */
  readonly networkTimeout: number
  readonly bindTimeout: number
  readonly searchTimeout: number
}

/** `key = value ; comment`, or a value in quotes, which may go over several lines. */
const SETTING = /^[ \t]*([\w-]+)[ \t]*=[ \t]*(?:"([^"]*)"|([^;\n]*))[^\n]*$/
const KNOWN = [
  'ldap_server_url',
  'ldap_version',
  'ldap_bind_dn',
  'ldap_bind_password',
  'ldap_network_timeout',
  'ldap_client_bind_timeout',
  'ldap_client_search_timeout',
]

/** Throws BadValue. */
export function readConfigFile(text: string, path: string): LdapSettings[] {
  const sections: { name: string; values: Map<string, string> }[] = []
  for (const line of statements(text)) {
    const section = /^[ \t]*\[([^\]]+)\][ \t\r]*$/.exec(line)?.[1]?.trim()
    if (section !== undefined) {
      sections.push({ name: section, values: new Map() })
      continue
    }
    const [, key = '', quoted, plain = ''] = SETTING.exec(line) ?? []
    const current = sections.at(-1)
    if (key === '' || current === undefined)
      throw new BadValue(`${path}: not understood: ${line.trim()}`, '[section], key = value')
    if (!KNOWN.includes(key)) throw new BadValue(`${path}: no setting ${key}`, KNOWN.join(', '))
    current.values.set(key, (quoted ?? plain).trim())
  }
  return sections.map(({ name, values }) => settings(name, values, path))
}

/** Lines that say something; a line end within quotes is a blank. */
function statements(text: string): string[] {
  return text
    .replace(/^[ \t]*#.*$/gm, '')
    .replace(/"[^"]*"/g, quoted => quoted.replace(/\s*\n\s*/g, ' '))
    .split('\n')
    .filter(line => line.trim() !== '')
}

function settings(name: string, values: ReadonlyMap<string, string>, path: string): LdapSettings {
  const wrong = (key: string): BadValue => new BadValue(`${path}: [${name}]: no good ${key}`)
  const time = (key: string, otherwise: number): number => {
    const text = values.get(key)
    if (text !== undefined && !/^\d{1,7}$/.test(text)) throw wrong(key)
    return Number(text ?? otherwise)
  }
  const urls = (values.get('ldap_server_url') ?? '')
    .split(',')
    .map(url => url.trim())
    .filter(url => url !== '')
  if (urls.length === 0 || !urls.every(url => /^ldaps?:\/\/[^/]+\/?$/.test(url)))
    throw wrong('ldap_server_url')
  if (!/^[23]$/.test(values.get('ldap_version') ?? '3')) throw wrong('ldap_version')
  return {
    name,
    urls,
    bindDn: values.get('ldap_bind_dn') ?? '',
    bindPassword: values.get('ldap_bind_password') ?? '',
    networkTimeout: time('ldap_network_timeout', 1000),
    bindTimeout: time('ldap_client_bind_timeout', 1000),
    searchTimeout: time('ldap_client_search_timeout', 5000),
  }
}
