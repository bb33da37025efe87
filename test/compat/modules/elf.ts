// What a shared object says of itself: names in its table of exports, read without running it.
import { readFileSync } from 'node:fs'

const DYNSYM = 11
const RELA = 4
const RELATIVE = 8
const LOAD = 1

interface Segment {
  readonly address: number
  readonly offset: number
  readonly size: number
}

/** A 64-bit little-endian ELF file: addresses in, numbers, pointers and texts out. */
export class SharedObject {
  private readonly bytes: Buffer
  private readonly segments: Segment[] = []
  private readonly pointers = new Map<number, number>()
  private readonly symbols = new Map<string, number>()

  constructor(path: string) {
    this.bytes = readFileSync(path)
    this.readSegments()
    this.readSections()
  }

  /** The address of a symbol, 0 when there is none. */
  symbol(name: string): number {
    return this.symbols.get(name) ?? 0
  }

  pointer(address: number): number {
    const known = this.pointers.get(address)
    if (known !== undefined) return known
    const inFile = this.segments.some(
      each => address >= each.address && address < each.address + each.size,
    )
    // Behind what the file holds of a segment everything is 0.
    return inFile ? this.long(this.offset(address)) : 0
  }

  int(address: number): number {
    return this.bytes.readInt32LE(this.offset(address))
  }

  /** The text at the address that is at this address; null for a null pointer. */
  text(address: number): string | null {
    const at = this.pointer(address)
    if (at === 0) return null
    const start = this.offset(at)
    return this.bytes.toString('latin1', start, this.bytes.indexOf(0, start))
  }

  private long(offset: number): number {
    return Number(this.bytes.readBigUInt64LE(offset))
  }

  private offset(address: number): number {
    const segment = this.segments.find(
      each => address >= each.address && address < each.address + each.size,
    )
    if (segment === undefined) throw new Error(`nothing at ${address.toString(16)}`)
    return address - segment.address + segment.offset
  }

  private readSegments(): void {
    const { bytes } = this
    const start = this.long(0x20)
    const size = bytes.readUInt16LE(0x36)
    for (let i = 0; i < bytes.readUInt16LE(0x38); i++) {
      const at = start + i * size
      if (bytes.readUInt32LE(at) !== LOAD) continue
      const [offset, address, length] = [8, 16, 32].map(field => this.long(at + field))
      this.segments.push({ address: address!, offset: offset!, size: length! })
    }
  }

  private readSections(): void {
    const { bytes } = this
    const start = this.long(0x28)
    const size = bytes.readUInt16LE(0x3a)
    const sections = Array.from({ length: bytes.readUInt16LE(0x3c) }, (_, i) => {
      const at = start + i * size
      const type = bytes.readUInt32LE(at + 4)
      const link = bytes.readUInt32LE(at + 0x28)
      return { type, link, offset: this.long(at + 0x18), size: this.long(at + 0x20) }
    })
    const symbols = sections.find(({ type }) => type === DYNSYM)!
    const strings = sections[symbols.link]!
    const addresses: number[] = []
    for (let at = symbols.offset; at < symbols.offset + symbols.size; at += 24) {
      const name = strings.offset + bytes.readUInt32LE(at)
      const address = this.long(at + 8)
      addresses.push(address)
      this.symbols.set(bytes.toString('latin1', name, bytes.indexOf(0, name)), address)
    }
    for (const { type, offset, size: length } of sections) {
      if (type !== RELA) continue
      for (let at = offset; at < offset + length; at += 24) {
        const kind = bytes.readUInt32LE(at + 8)
        const added = Number(bytes.readBigInt64LE(at + 16))
        const symbol = kind === RELATIVE ? 0 : (addresses[bytes.readUInt32LE(at + 12)] ?? 0)
        // A pointer to what another object has is not null, whatever it is.
        this.pointers.set(this.long(at), kind === RELATIVE ? added : symbol + added || 1)
      }
    }
  }
}
