/** Groups of addresses, networks and names, as they are looked up. */
import { BadValue } from '../../core/module/index.ts'
import { hashText } from '../../core/shared/location-hash.ts'
import { bytesOf, canonical } from '../../lib/ip.ts'

export interface AddressRow {
  readonly group: number
  readonly address: string
  /** Bits of a network; the length of an address makes it one host. */
  readonly mask: number
  /** 0 is any. */
  readonly port: number
  readonly tag: string | null
}

interface Subnet extends AddressRow {
  readonly bytes: readonly number[]
}

/** Kamailio's tables have so many slots; its listings name them. */
const SLOTS = 128

const fits = (row: AddressRow, port: number): boolean => row.port === 0 || row.port === port

export class Addresses {
  /** By their address or name, the newest first. */
  private readonly hosts = new Map<string, AddressRow[]>()
  private readonly names = new Map<string, AddressRow[]>()
  /** By group. */
  readonly subnets: Subnet[] = []
  private readonly maxSubnets: number

  constructor(maxSubnets: number) {
    this.maxSubnets = maxSubnets
  }

  /** Throws BadValue when the row is none. */
  add(row: AddressRow): void {
    if (!Number.isInteger(row.group) || row.group <= 0)
      throw new BadValue('the group is not above 0')
    if (!Number.isInteger(row.port) || row.port < 0 || row.port > 65_535)
      throw new BadValue(`${row.port} is no port`)
    const bytes = bytesOf(row.address)
    if (bytes === null) {
      if (row.address === '') throw new BadValue('there is no address')
      keep(this.names, row.address, row)
      return
    }
    const bits = bytes.length * 8
    if (!Number.isInteger(row.mask) || row.mask < 0 || row.mask > bits)
      throw new BadValue(`a mask of ${row.mask} bits does not go with ${row.address}`)
    const address = canonical(row.address)
    // A mask of 0 bits is no mask, as in Kamailio.
    if (row.mask === bits || row.mask === 0) keep(this.hosts, address, { ...row, address })
    else this.addSubnet({ ...row, address, bytes })
  }

  private addSubnet(subnet: Subnet): void {
    if (this.subnets.length >= this.maxSubnets)
      throw new BadValue(`there are more than ${this.maxSubnets} networks (max_subnets)`)
    const behind = this.subnets.findLastIndex(({ group }) => group <= subnet.group)
    this.subnets.splice(behind + 1, 0, subnet)
  }

  /** What fits in this group, or in any for null. `address` may be a name. */
  find(group: number | null, address: string, port: number): AddressRow | null {
    const known = this.hosts.get(address)
    if (known !== undefined) {
      const found = known.find(row => (group === null || row.group === group) && fits(row, port))
      if (found !== undefined) return found
    }
    return this.subnets.length === 0 ? null : this.findSubnet(group, address, port)
  }

  private findSubnet(group: number | null, address: string, port: number): AddressRow | null {
    const bytes = bytesOf(address)
    if (bytes === null) return null
    for (const subnet of this.subnets) {
      if (group !== null && subnet.group !== group) continue
      if (fits(subnet, port) && contains(subnet, bytes)) return subnet
    }
    return null
  }

  findName(group: number | null, name: string, port: number): AddressRow | null {
    const known = this.names.get(name)
    return known?.find(row => (group === null || row.group === group) && fits(row, port)) ?? null
  }

  /** Slot by slot as Kamailio has them. */
  listHosts(): [slot: number, row: AddressRow][] {
    // Of an IPv6 address, too, the first four bytes count.
    return bySlot(this.hosts, address => String.fromCharCode(...bytesOf(address)!.slice(0, 4)))
  }

  listNames(): [slot: number, row: AddressRow][] {
    return bySlot(this.names, name => name)
  }
}

function keep(map: Map<string, AddressRow[]>, key: string, row: AddressRow): void {
  const known = map.get(key)
  if (known === undefined) map.set(key, [row])
  else known.unshift(row)
}

function bySlot(
  map: ReadonlyMap<string, AddressRow[]>,
  text: (key: string) => string,
): [slot: number, row: AddressRow][] {
  // The newest first, in each slot.
  const all = [...map].reverse().flatMap(([key, rows]): [number, AddressRow][] => {
    const slot = hashText(text(key)) & (SLOTS - 1)
    return rows.map(row => [slot, row])
  })
  return all.sort(([a], [b]) => a - b)
}

function contains({ bytes, mask }: Subnet, address: readonly number[]): boolean {
  if (bytes.length !== address.length) return false
  for (let i = 0, bits = mask; bits > 0; i++, bits -= 8) {
    const kept = bits >= 8 ? 255 : (0xff << (8 - bits)) & 255
    if (((bytes[i]! ^ address[i]!) & kept) !== 0) return false
  }
  return true
}
