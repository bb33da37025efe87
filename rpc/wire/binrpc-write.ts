/** Replies and requests as BINRPC records, directed by the shape of the result. */
import { fits } from '../fits.ts'
import type { ShapeNode } from '../schema.ts'
import {
  DOUBLE_SCALE,
  minimalBytes,
  T_DOUBLE,
  T_INT,
  T_NAME,
  T_STRING,
  T_STRUCT,
} from './binrpc.ts'

const START = Buffer.from([T_STRUCT])
const END = Buffer.from([0x80 | T_STRUCT])
/** What a text that is not there is sent as. */
const NULL_TEXT = '<null string>'

/** A 32-bit integer; unsigned ones come out as their signed twin. */
export function writeInt(value: number): Buffer {
  const bytes = minimalBytes(value >>> 0)
  return Buffer.concat([Buffer.from([(bytes.length << 4) | T_INT]), bytes])
}

/** Its thousandths as a 64-bit integer; the whole high half of the type byte is the length. */
export function writeDouble(value: number): Buffer {
  const thousandths = BigInt.asUintN(64, BigInt(Math.trunc(value * DOUBLE_SCALE)))
  const all = Buffer.alloc(8)
  all.writeBigUInt64BE(thousandths)
  const first = all.findIndex(byte => byte !== 0)
  const bytes = first < 0 ? all.subarray(8) : all.subarray(first)
  return Buffer.concat([Buffer.from([(bytes.length << 4) | T_DOUBLE]), bytes])
}

export const writeText = (text: string): Buffer => terminated(text, T_STRING)

/** A text with its closing zero byte; `type` tells a value from a member's name. */
function terminated(text: string, type: number): Buffer {
  const length = text.length + 1
  const bytes = Buffer.alloc(length)
  bytes.write(text, 0, 'latin1')
  if (length <= 7) return Buffer.concat([Buffer.from([(length << 4) | type]), bytes])
  const size = minimalBytes(length)
  return Buffer.concat([Buffer.from([0x80 | (size.length << 4) | type]), size, bytes])
}

/** The records of a result: one per value that the command adds. */
export function writeResult(shape: ShapeNode, value: unknown): Buffer {
  const parts: Buffer[] = []
  if (shape.kind === 'nothing') return Buffer.alloc(0)
  if (shape.kind === 'list' || shape.kind === 'several') {
    for (const one of value as unknown[]) writeValue(parts, shape.of, one)
  } else writeValue(parts, shape, value)
  return Buffer.concat(parts)
}

export function writeFault(code: number, text: string): Buffer {
  return Buffer.concat([writeInt(code), writeText(text)])
}

function writeMember(parts: Buffer[], name: string, shape: ShapeNode, value: unknown): void {
  parts.push(terminated(name, T_NAME))
  writeValue(parts, shape, value)
}

function writeValue(parts: Buffer[], shape: ShapeNode, value: unknown): void {
  if (value === null || value === undefined) {
    parts.push(writeText(NULL_TEXT))
    return
  }
  switch (shape.kind) {
    case 'text':
      parts.push(writeText(value as string))
      return
    case 'int':
    case 'flag':
      parts.push(writeInt(Number(value)))
      return
    case 'long':
    case 'double':
      parts.push(writeDouble(value as number))
      return
    case 'scalar':
      parts.push(scalarRecord(value as string | number))
      return
    case 'either':
      writeValue(parts, shape.of.find(one => fits(one, value)) ?? shape.of[0]!, value)
      return
    case 'maybe':
    case 'orNull':
      writeValue(parts, shape.of, value)
      return
    default:
      parts.push(START)
      writeMembers(parts, shape, value)
      parts.push(END)
  }
}

/** Arrays are structures too: of repeated members, or of values without a name. */
function writeMembers(parts: Buffer[], shape: ShapeNode, value: unknown): void {
  switch (shape.kind) {
    case 'record': {
      const record = value as Record<string, unknown>
      for (const name of shape.order) {
        if (record[name] !== undefined) writeMember(parts, name, shape.members[name]!, record[name])
      }
      return
    }
    case 'map':
      for (const [name, one] of Object.entries(value as object)) {
        writeMember(parts, name, shape.of, one)
      }
      return
    case 'pairs':
      for (const [name, one] of value as [string, unknown][]) {
        writeMember(parts, name, shape.of, one)
      }
      return
    case 'rows':
      for (const row of value as Record<string, unknown>[]) {
        writeMember(parts, shape.name, shape.of, row[shape.name])
      }
      return
    case 'list':
    case 'several':
    case 'rest':
      for (const one of value as unknown[]) writeValue(parts, shape.of, one)
  }
}

function scalarRecord(value: string | number): Buffer {
  if (typeof value === 'string') return writeText(value)
  return Number.isInteger(value) ? writeInt(value) : writeDouble(value)
}
