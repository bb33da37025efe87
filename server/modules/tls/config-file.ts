/** tls.cfg: sections `[server:default]`, `[client:1.2.3.4:5061]`, `[server:any]` of attributes. */
import { BadValue } from '../../core/module/index.ts'
import { canonical, familyOf } from '../../lib/ip.ts'
import type { ProfileSettings } from './profile.ts'

export interface Section {
  readonly side: 'server' | 'client'
  readonly ip: string
  readonly port: number
  readonly settings: Partial<ProfileSettings>
  /** `file:line`. */
  readonly at: string
}

type Kind = 'text' | 'flag' | 'number'

const KINDS: Record<keyof ProfileSettings, Kind> = {
  method: 'text',
  verify_certificate: 'flag',
  verify_depth: 'number',
  require_certificate: 'flag',
  verify_client: 'text',
  private_key: 'text',
  certificate: 'text',
  ca_list: 'text',
  ca_path: 'text',
  crl: 'text',
  cipher_list: 'text',
  server_name: 'text',
  server_name_mode: 'number',
  server_id: 'text',
}

/** Other spellings that Kamailio takes. */
const SPELLINGS: Record<string, keyof ProfileSettings> = {
  tls_method: 'method',
  verify_cert: 'verify_certificate',
  require_cert: 'require_certificate',
  pkey_file: 'private_key',
  calist_file: 'ca_list',
  cert_file: 'certificate',
}

const FLAGS: Record<string, boolean> = {
  ...{ yes: true, on: true, true: true, enable: true, enabled: true, '1': true },
  ...{ no: false, off: false, false: false, disable: false, disabled: false, '0': false },
}

/** Kamailio's integers have 32 bits. */
const LARGEST = 2 ** 31 - 1

/** Reads a whole file; throws BadValue with all that is wrong, a line each. */
export function readTlsConfig(text: string, file: string): Section[] {
  const sections: Section[] = []
  const wrong: string[] = []
  let open: Section | null = null
  for (const [line, number] of linesOf(text)) {
    const at = `${file}:${number}`
    const problem = line.startsWith('[') ? begin(line, at) : attribute(line)
    if (problem !== null) wrong.push(`${at}: ${problem}`)
  }
  if (wrong.length > 0) throw new BadValue(wrong.join('\n'))
  return sections

  function begin(line: string, at: string): string | null {
    open = null
    const head = readHead(line)
    if (typeof head === 'string') return head
    open = { ...head, settings: {}, at }
    sections.push(open)
    return null
  }

  function attribute(line: string): string | null {
    const [, name, written] = /^(\w+)\s*=\s*(.*)$/.exec(line) ?? []
    if (name === undefined)
      return `"${line}" is neither [server:...], [client:...] nor name = value`
    if (open === null) return `${name} stands in no section; begin with [server:default]`
    const value = valueIn(written!)
    return value === null
      ? `${name} has no value, or more behind it than a comment`
      : setAttribute(open.settings, name.toLowerCase(), value)
  }
}

/**
 * The lines that hold something, trimmed, with their numbers. One that ends with a backslash goes
 * on in the next one.
 */
function linesOf(text: string): [line: string, number: number][] {
  const lines: [string, number][] = []
  let begun = ''
  let first = 0
  text.split('\n').forEach((raw, index) => {
    const line = raw.replace(/\r$/, '')
    if (begun === '') first = index + 1
    begun += line.replace(/\\$/, '')
    if (line.endsWith('\\')) return
    if (!/^\s*(#|$)/.test(begun)) lines.push([begun.trim(), first])
    begun = ''
  })
  return lines
}

/** A word, or a text in quotes, with nothing but a comment behind; null when it is none. */
function valueIn(written: string): string | null {
  const [, quoted] = /^"((?:[^"\\]|\\.)*)"\s*(?:#.*)?$/.exec(written) ?? []
  if (quoted !== undefined) return quoted.replace(/\\(.)/g, '$1')
  const [, word] = /^([^\s"#]\S*)\s*(?:#.*)?$/.exec(written) ?? []
  return word?.replace(/^'(.*)'$/, '$1') ?? null
}

function readHead(line: string): Pick<Section, 'side' | 'ip' | 'port'> | string {
  const inside = /^\[([^#]*)\]\s*(?:#.*)?$/.exec(line)?.[1]?.trim() ?? ''
  const found =
    /^(server|client)\s*:\s*(default|any|(?:\[([^\]]+)\]|([^:\s]+))\s*:\s*(\d+))$/i.exec(inside)
  if (found === null)
    return `${line} is no section; [server:default], [server:any] or [server:IP:PORT] is expected`
  const side = found[1]!.toLowerCase() as Section['side']
  const ip = found[3] ?? found[4]
  if (ip === undefined) return { side, ip: found[2]!.toLowerCase(), port: 0 }
  if (familyOf(ip) === 0) return `${ip} is no IP address`
  const port = Number(found[5])
  return port > 0xffff ? `${port} is no port` : { side, ip: canonical(ip), port }
}

function setAttribute(
  settings: Partial<ProfileSettings>,
  written: string,
  value: string,
): string | null {
  const name = SPELLINGS[written] ?? (written as keyof ProfileSettings)
  switch (KINDS[name]) {
    case 'text':
      Object.assign(settings, { [name]: value })
      return null
    case 'number':
      if (!/^\d+$/.test(value) || Number(value) > LARGEST) return `${written} is a number`
      Object.assign(settings, { [name]: Number(value) })
      return null
    case 'flag': {
      const flag = FLAGS[value.toLowerCase()]
      if (flag === undefined) return `${written} is yes or no`
      Object.assign(settings, { [name]: flag })
      return null
    }
    default:
      return `unknown attribute ${written}`
  }
}
