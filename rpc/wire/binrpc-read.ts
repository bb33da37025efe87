/**
 * BINRPC records back to values. Whatever the bytes are, the answer is values or a sentence, never
 * an exception.
 */
import {
  DOUBLE_SCALE,
  T_ARRAY,
  T_BYTES,
  T_DOUBLE,
  T_INT,
  T_NAME,
  T_STRING,
  T_STRUCT,
} from './binrpc.ts'

/** Told apart from an integer because commands want one or the other. */
export interface BinrpcDouble {
  readonly double: number
}
/** Members in order; repeated names stay, values without a name have ''. */
export interface BinrpcStruct {
  readonly members: readonly (readonly [name: string, value: BinrpcValue])[]
}
export type BinrpcValue = number | string | BinrpcDouble | BinrpcStruct

const MAX_DEPTH = 50

/** The values of a packet's body, or why there are none. */
export function readRecords(body: Buffer): BinrpcValue[] | string {
  const reader = new Reader(body)
  const values: BinrpcValue[] = []
  while (reader.more()) {
    const value = reader.record(0)
    if (reader.problem !== '') return reader.problem
    if (value === null) return 'end of a structure that was not begun'
    values.push(value)
  }
  return values
}

class Reader {
  private readonly bytes: Buffer
  private at = 0
  problem = ''

  constructor(bytes: Buffer) {
    this.bytes = bytes
  }

  more(): boolean {
    return this.at < this.bytes.length
  }

  /** One record; null at the end mark of a structure, or after a problem. */
  record(depth: number): BinrpcValue | null {
    const mark = this.bytes[this.at++]!
    const type = mark & 15
    if (type === T_DOUBLE) return this.double(mark >> 4)
    let size = (mark >> 4) & 7
    if ((mark & 0x80) !== 0) {
      if (size === 0 && (type === T_STRUCT || type === T_ARRAY)) return null
      size = this.number(size, 4)
    }
    switch (type) {
      case T_INT:
        return this.number(size, 4) | 0
      case T_STRING:
      case T_NAME:
        return this.text(size)
      case T_BYTES:
        return this.slice(size).toString('latin1')
      case T_STRUCT:
      case T_ARRAY:
        return depth < MAX_DEPTH ? this.struct(depth) : this.fail('nested too deeply')
      default:
        return this.fail(`unknown record type ${type}`)
    }
  }

  private fail(why: string): null {
    if (this.problem === '') this.problem = why
    this.at = this.bytes.length
    return null
  }

  private slice(length: number): Buffer {
    if (this.at + length > this.bytes.length) {
      this.fail('record goes beyond the packet')
      return Buffer.alloc(0)
    }
    this.at += length
    return this.bytes.subarray(this.at - length, this.at)
  }

  private number(length: number, most: number): number {
    if (length > most) {
      this.fail(`number of ${length} bytes`)
      return 0
    }
    let value = 0
    for (const byte of this.slice(length)) value = value * 256 + byte
    return value
  }

  private text(length: number): string {
    const bytes = this.slice(length)
    if (this.problem !== '') return ''
    if (length === 0 || bytes[length - 1] !== 0) {
      this.fail('text without its closing zero byte')
      return ''
    }
    return bytes.toString('latin1', 0, length - 1)
  }

  private double(length: number): BinrpcDouble | null {
    if (length > 8) return this.fail(`number of ${length} bytes`)
    let thousandths = 0n
    for (const byte of this.slice(length)) thousandths = thousandths * 256n + BigInt(byte)
    return { double: Number(BigInt.asIntN(64, thousandths)) / DOUBLE_SCALE }
  }

  private struct(depth: number): BinrpcStruct | null {
    const members: [string, BinrpcValue][] = []
    while (this.more()) {
      let name = ''
      if ((this.bytes[this.at]! & 15) === T_NAME) name = this.record(depth) as string
      if (!this.more()) break
      const value = this.record(depth + 1)
      if (this.problem !== '') return null
      if (value === null) return { members }
      members.push([name, value])
    }
    return this.fail('structure without an end')
  }
}
