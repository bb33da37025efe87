import { expect, test } from 'vitest'
import {
  avpOf,
  avpsOf,
  AvpStore,
  parseAvpName,
  printAvpName,
  shareAvps,
} from '../../../../server/core/avp.ts'
import { SipMessage } from '../../../../server/sip/message.ts'
import { socketInfo, UDP } from '../../../../server/sip/transport.ts'

const socket = socketInfo(UDP, '127.0.0.1', 5060, null, '')
const message = (): SipMessage =>
  new SipMessage(
    'OPTIONS sip:a@b SIP/2.0\r\nVia: SIP/2.0/UDP c\r\n\r\n',
    {
      proto: UDP,
      srcIp: '127.0.0.1',
      srcPort: 1,
      dstIp: '127.0.0.1',
      dstPort: 5060,
      socket,
      connection: 0,
    },
    1,
  )

test('assignment pushes in front, an index counts from the newest', () => {
  const store = new AvpStore()
  store.push('x', '1')
  store.push('x', 2)
  expect([store.get('x'), store.get('x', 1), store.get('x', 2), store.get('x', -1)]).toEqual([
    2,
    '1',
    null,
    null,
  ])
  expect(store.all('x')).toEqual([2, '1'])
  expect(store.count('x')).toBe(2)
})

test('taking away goes newest first and ends in nothing', () => {
  const store = new AvpStore()
  store.push('x', '1')
  store.push('x', '2')
  expect(store.pop('x')).toBe(true)
  expect(store.get('x')).toBe('1')
  expect(store.pop('x')).toBe(true)
  expect(store.pop('x')).toBe(false)
  expect(store.get('x')).toBeNull()
  expect(store.names()).toEqual([])
})

test('i:5 and s:5 are two names', () => {
  const store = new AvpStore()
  store.push(5, 'number')
  store.push('5', 'text')
  expect(store.get(parseAvpName('i:5')!)).toBe('number')
  expect(store.get(parseAvpName('s:5')!)).toBe('text')
  expect(parseAvpName('x')).toBe('x')
  expect(parseAvpName('i:x')).toBeNull()
  expect(parseAvpName('i:')).toBeNull()
  expect(parseAvpName('s:')).toBeNull()
  expect([printAvpName(5), printAvpName('x')]).toEqual(['i:5', 's:x'])
})

test('reading makes no store, sharing makes one for both', () => {
  const request = message()
  const reply = message()
  expect(avpOf(request, 'x')).toBeNull()
  expect(request.avps).toBeNull()
  shareAvps(request, reply)
  avpsOf(reply).push('x', 'seen')
  expect(avpOf(request, 'x')).toBe('seen')
})
