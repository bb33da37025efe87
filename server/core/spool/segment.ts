/**
 * The layout of a spool's files. A segment begins with a header of 16 bytes: the word OHSPOOL1 and
 * the number of its first record. Each record is its length, the CRC-32 of its bytes (both 32 bits,
 * big endian) and its bytes. Numbers rise by one from record to record, over all segments.
 */
import { crc32 } from 'node:zlib'

const MAGIC = 'OHSPOOL1'
export const HEADER_BYTES = 16
export const FRAME_BYTES = 8
/** A length beyond this is not one of ours. */
export const MOST_BYTES = 1 << 20

const SUFFIX = '.segment'

export const segmentName = (first: number): string => `${String(first).padStart(16, '0')}${SUFFIX}`

/** The number of the first record by the file's name; -1 when it is no segment. */
export function firstOf(name: string): number {
  return /^\d{16}\.segment$/.test(name) ? Number(name.slice(0, 16)) : -1
}

export function segmentHeader(first: number): Buffer {
  const header = Buffer.alloc(HEADER_BYTES)
  header.write(MAGIC, 0, 'latin1')
  header.writeBigUInt64BE(BigInt(first), 8)
  return header
}

export function isHeaderOf(bytes: Buffer, first: number): boolean {
  return (
    bytes.length >= HEADER_BYTES && segmentHeader(first).equals(bytes.subarray(0, HEADER_BYTES))
  )
}

/** Writes a record at `at`, where there is room; returns where the next one begins. */
export function writeRecord(into: Buffer, at: number, record: string): number {
  const start = at + FRAME_BYTES
  const end = start + into.write(record, start, 'latin1')
  into.writeUInt32BE(record.length, at)
  into.writeUInt32BE(crc32(into.subarray(start, end)), at + 4)
  return end
}

/** Not all of the record is in these bytes. */
export const CUT_OFF = -1
/** It is none: nothing behind it can be found. */
export const DAMAGED = -2

/** Where the record at `at` ends, or CUT_OFF or DAMAGED. */
export function recordEnd(bytes: Buffer, at: number): number {
  if (bytes.length - at < FRAME_BYTES) return CUT_OFF
  const length = bytes.readUInt32BE(at)
  // A tail of zeros, as a crashed file system may leave it, is no empty record.
  if (length === 0 || length > MOST_BYTES) return DAMAGED
  const start = at + FRAME_BYTES
  const end = start + length
  if (end > bytes.length) return CUT_OFF
  return crc32(bytes.subarray(start, end)) === bytes.readUInt32BE(at + 4) ? end : DAMAGED
}
