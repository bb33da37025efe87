import { randomBytes } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { FORGED } from '../../../../../server/modules/outbound/api.ts'
import { FlowTokens, keyOf } from '../../../../../server/modules/outbound/flow-token.ts'
import { TCP, UDP, WSS } from '../../../../../server/sip/transport.ts'
import { received } from '../../../../kit/received.ts'

const tokens = new FlowTokens(keyOf('aloha'))
const ipv4 = received({ srcIp: '127.0.0.1', srcPort: 27170, dstIp: '127.0.0.1', dstPort: 27160 })

describe('flow tokens', () => {
  test('are signed with the SHA-1 of the secret, as those of later Kamailios', () => {
    expect(tokens.write(ipv4)).toBe('7fb307xoPYkqnAF/AAABahh/AAABaiI=')
  })

  test.for([
    ipv4,
    received({ proto: TCP, srcIp: '203.0.113.9', srcPort: 65535, dstPort: 1 }),
    received({ proto: WSS, srcIp: '2001:db8::7', srcPort: 40000, dstIp: '::1', dstPort: 443 }),
  ])('name the flow again, %#', flow => {
    expect(tokens.read(tokens.write(flow))).toEqual({
      proto: flow.proto,
      ownIp: flow.dstIp,
      ownPort: flow.dstPort,
      peerIp: flow.srcIp,
      peerPort: flow.srcPort,
    })
  })

  test('of another key, or changed in any place, are forged', () => {
    const token = tokens.write(ipv4)
    expect(new FlowTokens(randomBytes(20)).read(token)).toBe(FORGED)
    for (let i = 0; i < 31; i++) {
      const other = token[i] === 'A' ? 'B' : 'A'
      expect(tokens.read(token.slice(0, i) + other + token.slice(i + 1))).toBe(FORGED)
    }
  })

  test.for(['-', '_', '!', '=', ' '])('with %j in it are forged', other => {
    const token = tokens.write(ipv4)
    for (let i = 0; i < 30; i++)
      expect(tokens.read(token.slice(0, i) + other + token.slice(i + 1))).toBe(FORGED)
  })

  test.for(['', 'bob', 'A'.repeat(31), '-'.repeat(32), `${'A'.repeat(30)}==`, 'A'.repeat(64)])(
    'are not what only looks like one: %s',
    text => {
      expect(tokens.read(text)).toBe(null)
    },
  )

  test('carry the transport', () => {
    expect(tokens.read(tokens.write(received({ proto: UDP })))).toMatchObject({ proto: UDP })
  })
})
