/** tls.cfg: sections `[server:default]`, `[client:1.2.3.4:5061]`, `[server:any]` of attributes. */
import { BadValue } from '../../core/module/index.ts'
import { canonical, familyOf } from '../../lib/ip.ts'
import { ANY, DEFAULT, type ProfileSettings } from './profile.ts'

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
  ...{ yes: true, on: true, true: true, enable: true, '1': true },
  ...{ no: false, off: false, false: false, disable: false, '0': false },
}

/** Reads a whole file; throws BadValue with all that is wrong, a line each. */
export function readTlsConfig(text: string, file: string): Section[] {
  const sections: Section[] = []
  const wrong: string[] = []
  let open: Section | null = null
  text.split('\n').forEach((raw, index) => {
    const line = raw.replace(/[#;].*$/, '').trim()
    if (line === '') return
    const at = `${file}:${index + 1}`
    const problem = line.startsWith('[') ? begin(line, at) : attribute(line)
    if (problem !== null) wrong.push(`${at}: ${problem}`)
  })
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
    const [, name, value] = /^(\w+)\s*=\s*(.*)$/.exec(line) ?? []
    if (name === undefined)
      return `"${line}" is neither [server:...], [client:...] nor name = value`
    if (open === null) return `${name} stands in no section; begin with [server:default]`
    return setAttribute(open.settings, name, value!.replace(/^(["'])(.*)\1$/, '$2'))
  }
}

function readHead(line: string): Pick<Section, 'side' | 'ip' | 'port'> | string {
  const found =
    /^\[\s*(server|client)\s*:\s*(default|any|\[[^\]]+\]|[^:\]]+)\s*(?::\s*(\d+|any))?\s*\]$/i.exec(
      line,
    )
  if (found === null)
    return `${line} is no section; [server:default], [server:any] or [server:IP:PORT] is expected`
  const side = found[1]!.toLowerCase() as Section['side']
  const word = found[2]!.toLowerCase()
  if (word === DEFAULT || word === ANY) return { side, ip: word, port: 0 }
  if (familyOf(found[2]!) === 0) return `${found[2]} is no IP address`
  if (found[3] === undefined) return `${line} has no port`
  return { side, ip: canonical(found[2]!), port: Number(found[3]) || 0 }
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
      if (!/^\d+$/.test(value)) return `${written} is a number`
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
