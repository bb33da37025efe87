import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  double,
  int,
  list,
  long,
  map,
  orNull,
  pairs,
  record,
  rows,
  scalar,
  text,
} from '../../../../rpc/schema.ts'
import { packet, readHead, REPLY } from '../../../../rpc/wire/binrpc.ts'
import { type BinrpcValue, readRecords } from '../../../../rpc/wire/binrpc-read.ts'
import { writeDouble, writeInt, writeResult, writeText } from '../../../../rpc/wire/binrpc-write.ts'

const hex = (bytes: Buffer): string => bytes.toString('hex')

describe('records', () => {
  test.for([
    [writeInt(0), '00'],
    [writeInt(34), '1022'],
    [writeInt(500), '2001f4'],
    [writeInt(-1), '40ffffffff'],
    [writeInt(4294967295), '40ffffffff'],
    [writeDouble(0.7), '2202bc'],
    [writeDouble(0), '02'],
    [writeDouble(-1), '82fffffffffffffc18'],
    [writeText(''), '1100'],
    [writeText('abcdef'), '7161626364656600'],
    [writeText('abcdefg'), '91086162636465666700'],
    [writeText('x'.repeat(300)), `a1012d${'78'.repeat(300)}00`],
  ] as const)('%#: %s', ([written, wanted]) => {
    expect(hex(written)).toBe(wanted)
  })

  test('core.uptime as Kamailio sends it', () => {
    const shape = record({ now: text(), up_since: text(), uptime: int() })
    const now = 'Sat Nov 21 07:03:49 2026'
    const body = writeResult(shape, { now, up_since: now, uptime: 34 })
    const time = `9119${Buffer.from(`${now}\0`).toString('hex')}`
    expect(hex(body)).toBe(
      `03456e6f7700${time}950975705f73696e636500${time}75757074696d65001022` + '83',
    )
    expect(hex(packet(REPLY, Buffer.from('12345678', 'hex'), body)).slice(0, 14)).toBe(
      'a1135212345678',
    )
  })

  test('arrays are structures: repeated members, or values without a name', () => {
    const named = writeResult(rows('A', int()), [{ A: 1 }, { A: 2 }])
    expect(hex(named)).toBe('0325410010012541001002' + '83')
    const nested = writeResult(record({ l: list(int()) }), { l: [1, 2] })
    expect(readRecords(nested)).toEqual([
      {
        members: [
          [
            'l',
            {
              members: [
                ['', 1],
                ['', 2],
              ],
            },
          ],
        ],
      },
    ])
  })

  test('what is not there is a text that says so', () => {
    expect(readRecords(writeResult(orNull(text()), null))).toEqual(['<null string>'])
  })
})

describe('there and back', () => {
  const shape = record({
    text: text(),
    int: int(),
    long: long(),
    double: double(),
    scalar: scalar(),
    map: map(int()),
    pairs: pairs(text()),
  })
  const byteText = fc
    .uint8Array()
    .map(bytes => Buffer.from(bytes.filter(byte => byte !== 0)).toString('latin1'))
  const value = fc.record({
    text: byteText,
    int: fc.integer(),
    long: fc.nat(2 ** 40),
    double: fc.integer({ min: -1_000_000, max: 1_000_000 }).map(n => n / 1000),
    scalar: fc.oneof(byteText, fc.integer()),
    map: fc.dictionary(fc.stringMatching(/^[a-z]{1,20}$/), fc.integer()),
    pairs: fc.array(fc.tuple(fc.stringMatching(/^[a-z]{1,9}$/), byteText)),
  })

  test('every value of a shape is read as it was written', () => {
    fc.assert(
      fc.property(value, given => {
        const [read] = readRecords(writeResult(shape, given)) as [
          { members: [string, BinrpcValue][] },
        ]
        const byName = new Map(read.members)
        expect(byName.get('text')).toBe(given.text)
        expect(byName.get('int')).toBe(given.int)
        expect(byName.get('long')).toEqual({ double: given.long })
        expect((byName.get('double') as { double: number }).double).toBeCloseTo(given.double, 2)
        expect(byName.get('scalar')).toBe(given.scalar)
        expect(byName.get('map')).toEqual({ members: Object.entries(given.map) })
        expect(byName.get('pairs')).toEqual({ members: given.pairs })
      }),
      { numRuns: 200 },
    )
  })

  test('a head is found, or asks for more, or is refused', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 1, maxLength: 4 }), fc.nat(70_000), (cookie, size) => {
        const whole = packet(REPLY, Buffer.from(cookie), Buffer.alloc(size))
        for (let cut = 0; cut < 6; cut++) {
          const head = readHead(whole.subarray(0, cut))
          expect(head === null || typeof head === 'object').toBe(true)
        }
        expect(readHead(whole)).toMatchObject({ flags: REPLY, bodyLength: size })
      }),
    )
    expect(readHead(Buffer.from('a2'))).toContain('not a BINRPC packet')
  })
})
