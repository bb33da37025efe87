/** The domains that the node serves, with what is known of them. */
import { BadValue } from '../../core/module/index.ts'
import { hashText } from '../../core/shared/location-hash.ts'

export interface Attribute {
  readonly name: string
  readonly value: string | number
}

/** Several names may stand for one domain. */
interface Name {
  readonly name: string
  readonly did: string
}

// ---- types of attributes
const NUMBER = 0
const TEXT = 2

/** Kamailio's table has so many slots; its listing goes through them. */
const SLOTS = 128

export class Domains {
  private readonly names = new Map<string, Name>()
  /** By domain, the newest first. */
  private readonly attributes = new Map<string, Attribute[]>()

  /** A domain without an identifier is its own. Throws BadValue when the row is none. */
  addName(name: string, did: string | null): void {
    if (name === '') throw new BadValue('the domain has no name')
    this.names.set(name.toLowerCase(), { name, did: did ?? name })
  }

  /** Throws BadValue when the row is none. */
  addAttribute(did: string, name: string, type: number, value: string): void {
    if (name === '') throw new BadValue('the attribute has no name')
    if (type !== NUMBER && type !== TEXT) throw new BadValue(`attribute type ${type} is unknown`)
    if (type === NUMBER && !/^[+-]?\d+$/.test(value))
      throw new BadValue(`value "${value}" of attribute ${name} is no number`)
    const attribute = { name, value: type === NUMBER ? Number(value) : value }
    const known = this.attributes.get(did)
    if (known === undefined) this.attributes.set(did, [attribute])
    else known.unshift(attribute)
  }

  has(host: string): boolean {
    return this.names.has(host) || this.names.has(host.toLowerCase())
  }

  /** The identifier of a domain, null when it is none of ours. */
  didOf(host: string): string | null {
    return this.names.get(host.toLowerCase())?.did ?? null
  }

  /** The newest first. */
  attributesOf(did: string): readonly Attribute[] {
    return this.attributes.get(did) ?? []
  }

  /** In Kamailio's order. */
  listNames(): Name[] {
    const slot = ({ name }: Name): number => hashText(name.toLowerCase()) & (SLOTS - 1)
    return [...this.names.values()].reverse().sort((a, b) => slot(a) - slot(b))
  }

  listAttributes(): [did: string, attributes: readonly Attribute[]][] {
    return [...this.attributes].reverse()
  }
}
