/**
 * Dictionaries: names of attributes and of their values, as the client libraries radiusclient-ng,
 * freeradius-client and radcli read them.
 */
import { familyOf, inet6Text, inet6Write } from '../ip.ts'
import type { Attribute } from './packet.ts'

export type AttributeKind = 'string' | 'integer' | 'ipaddr' | 'ipv6addr' | 'date'

export interface AttributeName {
  readonly name: string
  readonly vendor: number
  readonly type: number
  readonly kind: AttributeKind
}

/** What is wrong with a dictionary, and where. */
export class DictionaryError extends Error {}

const KINDS: Readonly<Record<string, AttributeKind>> = {
  string: 'string',
  text: 'string',
  octets: 'string',
  integer: 'integer',
  date: 'date',
  ipaddr: 'ipaddr',
  ipv4addr: 'ipaddr',
  ipv6addr: 'ipv6addr',
}

const MOST_INCLUDES = 100

export class Dictionary {
  private readonly attributes = new Map<string, AttributeName>()
  private readonly byNumber = new Map<string, AttributeName>()
  private readonly values = new Map<string, number>()
  private readonly vendors = new Map<string, number>()

  attribute(name: string): AttributeName | null {
    return this.attributes.get(name.toLowerCase()) ?? null
  }

  /** The name of an attribute of a reply; null when the dictionary does not have it. */
  nameOf({ vendor, type }: Attribute): AttributeName | null {
    return this.byNumber.get(`${vendor} ${type}`) ?? null
  }

  /** The number of a value by its name, as `Acct-Status-Type Start`. */
  value(attribute: string, name: string): number | null {
    return this.values.get(`${attribute} ${name}`.toLowerCase()) ?? null
  }

  /** Takes a file in; `read` gives its text, `place` is its path. Throws DictionaryError. */
  load(path: string, read: (path: string) => string): void {
    const files = { left: MOST_INCLUDES, read }
    this.loadFile(path, files)
  }

  private loadFile(path: string, files: { left: number; read: (path: string) => string }): void {
    if (files.left-- <= 0) throw new DictionaryError(`${path}: dictionaries include each other`)
    let vendor = 0
    const lines = files.read(path).split('\n')
    for (let i = 0; i < lines.length; i++) {
      const words = lines[i]!.replace(/#.*/, '').trim().split(/\s+/)
      const wrong = (what: string): DictionaryError =>
        new DictionaryError(`${path}:${i + 1}: ${what}`)
      const [keyword = '', first = '', second = '', third = '', fourth = ''] = words
      switch (keyword.toUpperCase()) {
        case '':
          break
        case 'ATTRIBUTE':
          this.addAttribute(first, second, third, this.vendorOf(fourth, vendor, wrong), wrong)
          break
        case 'VALUE':
          this.values.set(`${first} ${second}`.toLowerCase(), numberOf(third, wrong))
          break
        case 'VENDOR':
          this.vendors.set(first.toLowerCase(), numberOf(second, wrong))
          break
        case 'BEGIN-VENDOR':
          vendor = this.vendorOf(first, 0, wrong)
          break
        case 'END-VENDOR':
          vendor = 0
          break
        case '$INCLUDE':
        case 'INCLUDE':
          this.loadFile(first.startsWith('/') ? first : beside(path, first), files)
          break
        default:
          throw wrong(`${keyword} is no word of a dictionary`)
      }
    }
  }

  private addAttribute(
    name: string,
    number: string,
    kindName: string,
    vendor: number,
    wrong: (what: string) => DictionaryError,
  ): void {
    const kind = KINDS[kindName.toLowerCase()]
    // Kinds that nobody here can write or read are left out, as if they were not there.
    if (kind === undefined) return
    const row = { name, vendor, type: numberOf(number, wrong), kind }
    this.attributes.set(name.toLowerCase(), row)
    this.byNumber.set(`${vendor} ${row.type}`, row)
  }

  /** A vendor by its name; options of other libraries in its place count for nothing. */
  private vendorOf(
    name: string,
    otherwise: number,
    wrong: (what: string) => DictionaryError,
  ): number {
    if (name === '' || name.includes('=') || name === 'has_tag') return otherwise
    const vendor = this.vendors.get(name.toLowerCase())
    if (vendor === undefined) throw wrong(`there is no vendor ${name}`)
    return vendor
  }
}

const beside = (path: string, name: string): string =>
  path.slice(0, path.lastIndexOf('/') + 1) + name

function numberOf(text: string, wrong: (what: string) => DictionaryError): number {
  const number = Number(text)
  if (text === '' || !Number.isInteger(number) || number < 0) throw wrong(`${text} is no number`)
  return number
}

/** An attribute of this name with this value; null when the value is none of its kind. */
export function encodeValue(name: AttributeName, value: string | number): Attribute | null {
  const { vendor, type, kind } = name
  const made = (bytes: Buffer): Attribute => ({ vendor, type, value: bytes })
  if (kind === 'string') return made(Buffer.from(String(value), 'latin1'))
  if (kind === 'ipaddr' || kind === 'ipv6addr') {
    const text = String(value)
    if (familyOf(text) !== (kind === 'ipaddr' ? 2 : 10)) return null
    if (kind === 'ipaddr') return made(Buffer.from(text.split('.').map(Number)))
    const bytes = Buffer.alloc(16)
    inet6Write(bytes, 0, text)
    return made(bytes)
  }
  const number = typeof value === 'number' ? value : /^\d+$/.test(value) ? Number(value) : -1
  if (number < 0 || number > 0xffffffff) return null
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32BE(number)
  return made(bytes)
}

/** The value of an attribute of a reply. */
export function decodeValue(name: AttributeName, { value }: Attribute): string | number {
  switch (name.kind) {
    case 'integer':
    case 'date':
      return value.length === 4 ? value.readUInt32BE(0) : 0
    case 'ipaddr':
      return [...value].join('.')
    case 'ipv6addr':
      return value.length === 16 ? inet6Text(value, 0) : ''
    default:
      return value.toString('latin1')
  }
}
