import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  ACCESS_ACCEPT,
  accessRequest,
  accountingRequest,
  isGenuine,
  readPacket,
  USER_PASSWORD,
} from '../../../../../server/lib/radius/packet.ts'

const hex = (text: string): Buffer => Buffer.from(text.replaceAll(/\s/g, ''), 'hex')

// RFC 2865 section 7.1: the user nemo, the password arctangent, the secret xyzzy5461.
const SECRET = 'xyzzy5461'
const AUTHENTICATOR = hex('0f403f9473978057bd83d5cb98f4227a')
const REQUEST = hex(`01 00 00 38 0f 40 3f 94 73 97 80 57 bd 83 d5 cb
  98 f4 22 7a 01 06 6e 65 6d 6f 02 12 0d be 70 8d
  93 d4 13 ce 31 96 e4 3f 78 2a 0a ee 04 06 c0 a8
  01 10 05 06 00 00 00 03`)
const ACCEPT = hex(`02 00 00 26 86 fe 22 0e 76 24 ba 2a 10 05 f6 bf
  9b 55 e0 b2 06 06 00 00 00 01 0f 06 00 00 00 00
  0e 06 c0 a8 01 03`)

const attribute = (type: number, value: Buffer, vendor = 0) => ({ vendor, type, value })

describe('the example of RFC 2865', () => {
  test('hides the password', () => {
    const attributes = [
      attribute(1, Buffer.from('nemo')),
      attribute(USER_PASSWORD, Buffer.from('arctangent')),
    ]
    const made = readPacket(accessRequest(0, attributes, SECRET, AUTHENTICATOR))!
    const password = made.attributes.find(({ type }) => type === USER_PASSWORD)!
    expect(password.value).toEqual(hex('0dbe708d93d413ce3196e43f782a0aee'))
    expect(made.authenticator).toEqual(AUTHENTICATOR)
  })

  test('takes its reply, and no other', () => {
    expect(readPacket(ACCEPT)).toMatchObject({ code: ACCESS_ACCEPT, id: 0 })
    expect(isGenuine(ACCEPT, REQUEST, SECRET)).toBe(true)
    expect(isGenuine(ACCEPT, REQUEST, 'xyzzy5462')).toBe(false)
    const forged = Buffer.from(ACCEPT)
    forged[37] = 4
    expect(isGenuine(forged, REQUEST, SECRET)).toBe(false)
  })
})

test('a password of more than 16 bytes is hidden block by block', () => {
  const password = 'p'.repeat(40)
  const attributes = [attribute(USER_PASSWORD, Buffer.from(password))]
  const made = readPacket(accessRequest(7, attributes, SECRET, AUTHENTICATOR))!
  expect(made.attributes.at(-1)!.value).toHaveLength(48)
})

test('an Accounting-Request is signed with the secret', () => {
  const packet = accountingRequest(9, [attribute(40, hex('00000001'))], SECRET)
  // RFC 2866 section 3, done by hand: the packet with zeros, and the secret.
  expect(packet.toString('hex')).toBe('0409001a' + packet.toString('hex', 4, 20) + '280600000001')
  const other = accountingRequest(9, [attribute(40, hex('00000001'))], 'other')
  expect(other.subarray(4, 20)).not.toEqual(packet.subarray(4, 20))
})

test('attributes of a vendor go into one of type 26 and come out of it', () => {
  const attributes = [attribute(1, Buffer.from('x'), 9), attribute(2, Buffer.from('y'), 9)]
  const packet = accountingRequest(1, attributes, SECRET)
  expect(packet.subarray(20).toString('hex')).toBe('1a090000000901' + '0378' + '1a0900000009020379')
  expect(readPacket(packet)!.attributes).toEqual(attributes)
})

test.for([
  ['too short', '0400'],
  ['a length beyond its end', '04 01 00 20 00000000000000000000000000000000'],
  ['a length below its header', '04 01 00 13 00000000000000000000000000000000'],
  ['an attribute without a length', '04 01 00 15 00000000000000000000000000000000 01'],
  ['an attribute of length 1', '04 01 00 16 00000000000000000000000000000000 01 01'],
  ['an attribute beyond the end', '04 01 00 16 00000000000000000000000000000000 01 09'],
] as const)('refuses a packet that is %s', ([, bytes]) => {
  expect(readPacket(hex(bytes))).toBeNull()
})

test('any bytes are a packet or none, and never a mistake', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 80 }), bytes => {
      const packet = readPacket(Buffer.from(bytes))
      return packet === null || packet.attributes.every(({ value }) => value.length < 254)
    }),
  )
})

test('what is written is read again', () => {
  const one = fc.record({
    vendor: fc.constantFrom(0, 9, 32473),
    type: fc.integer({ min: 1, max: 25 }),
    value: fc.uint8Array({ maxLength: 246 }).map(bytes => Buffer.from(bytes)),
  })
  fc.assert(
    fc.property(fc.array(one, { maxLength: 10 }), attributes => {
      const packet = readPacket(accountingRequest(3, attributes, SECRET))
      expect(packet?.attributes ?? attributes).toEqual(attributes)
    }),
  )
})
