/**
 * Keccak as it was before NIST changed its padding for SHA-3 (Ethereum's). Lanes of 64 bits are
 * BigInts: it is for a hash now and then.
 */
const MASK = (1n << 64n) - 1n
const RATE = 72

const rotate = (lane: bigint, by: bigint): bigint =>
  by === 0n ? lane : ((lane << by) | (lane >> (64n - by))) & MASK

/** Rotation of each lane (FIPS 202, section 3.2.2), in the order in which pi visits them. */
const RHO = [1, 3, 6, 10, 15, 21, 28, 36, 45, 55, 2, 14, 27, 41, 56, 8, 25, 43, 62, 18, 39, 61]
const ROTATIONS = [...RHO, 20, 44].map(BigInt)
const PI = [10, 7, 11, 17, 18, 3, 5, 16, 8, 21, 24, 4, 15, 23, 19, 13, 12, 2, 20, 14, 22, 9, 6, 1]

/** The constants of iota (section 3.2.5), made by its shift register. */
function roundConstants(): bigint[] {
  const constants: bigint[] = []
  let register = 1
  for (let round = 0; round < 24; round++) {
    let constant = 0n
    for (let j = 0; j < 7; j++) {
      if ((register & 1) !== 0) constant |= 1n << BigInt((1 << j) - 1)
      register = (register & 0x80) !== 0 ? ((register << 1) ^ 0x171) & 0xff : register << 1
    }
    constants.push(constant)
  }
  return constants
}

const CONSTANTS = roundConstants()

function theta(lanes: bigint[]): void {
  const columns = [0, 1, 2, 3, 4].map(
    x => lanes[x]! ^ lanes[x + 5]! ^ lanes[x + 10]! ^ lanes[x + 15]! ^ lanes[x + 20]!,
  )
  for (let x = 0; x < 5; x++) {
    const mix = columns[(x + 4) % 5]! ^ rotate(columns[(x + 1) % 5]!, 1n)
    for (let y = 0; y < 25; y += 5) lanes[x + y] = lanes[x + y]! ^ mix
  }
}

function permute(lanes: bigint[]): void {
  for (const constant of CONSTANTS) {
    theta(lanes)
    let held = lanes[1]!
    for (let i = 0; i < 24; i++) {
      const at = PI[i]!
      const next = lanes[at]!
      lanes[at] = rotate(held, ROTATIONS[i]!)
      held = next
    }
    for (let y = 0; y < 25; y += 5) {
      const row = lanes.slice(y, y + 5)
      for (let x = 0; x < 5; x++)
        lanes[y + x] = row[x]! ^ (~row[(x + 1) % 5]! & MASK & row[(x + 2) % 5]!)
    }
    lanes[0] = lanes[0]! ^ constant
  }
}

/** Keccak-512 of a byte string, hexadecimal. */
export function keccak512(text: string): string {
  const padded = Buffer.alloc(text.length + RATE - (text.length % RATE))
  padded.write(text, 'latin1')
  padded[text.length] = padded[text.length]! | 0x01
  padded[padded.length - 1] = padded.at(-1)! | 0x80
  const lanes = Array<bigint>(25).fill(0n)
  for (let at = 0; at < padded.length; at += RATE) {
    for (let i = 0; i < RATE / 8; i++) lanes[i] = lanes[i]! ^ padded.readBigUInt64LE(at + i * 8)
    permute(lanes)
  }
  const out = Buffer.alloc(64)
  for (let i = 0; i < 8; i++) out.writeBigUInt64LE(lanes[i]!, i * 8)
  return out.toString('hex')
}
