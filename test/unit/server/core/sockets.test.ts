// `virtual` on a listen line, as Kamailio 5.6.3 has it: `uri==myself`, `dst_ip==myself` and `$fs`
// know such a socket only while the host has its address.
import { expect, test } from 'vitest'
import { LocalAddresses } from '../../../../server/core/local-addresses.ts'
import { Hooks } from '../../../../server/core/hooks.ts'
import { Sockets } from '../../../../server/core/sockets.ts'
import { socketInfo, UDP } from '../../../../server/sip/transport.ts'

const VIRTUAL = { host: null, virtual: true }
const ADVERTISED = { host: 'sip.example.org', port: 5080 }

test('a virtual socket is ours while this host has its address', () => {
  const host = { addresses: ['127.0.0.1', '::1'], asked: 0, time: 0 }
  const local = new LocalAddresses(
    () => host.time,
    () => {
      host.asked++
      return host.addresses
    },
  )
  const sockets = new Sockets(new Hooks(), local)
  const fixed = socketInfo(UDP, '10.0.0.1', 5060, null, '')
  const moving = socketInfo(UDP, '10.0.0.9', 5060, ADVERTISED, 'moving', null, VIRTUAL)
  sockets.add(fixed)
  expect(sockets.isMyself('10.0.0.1', 5060, UDP)).toBe(true)
  expect(host.asked).toBe(0)
  sockets.add(moving)
  const known = (): boolean[] => [
    sockets.isMyself('10.0.0.1', 5060, UDP),
    sockets.isMyself('10.0.0.9', 5060, UDP),
    sockets.isMyself('10.0.0.9', 0, 0),
    sockets.isMyself('sip.example.org', 5080, UDP),
    sockets.find('10.0.0.9', 5060, UDP) === moving,
  ]
  expect(known()).toEqual([true, false, false, false, false])
  host.addresses = ['127.0.0.1', '10.0.0.9']
  host.time += 1000
  // Whoever asks first finds out for all.
  expect(sockets.find('10.0.0.9', 5060, UDP)).toBe(moving)
  expect(known()).toEqual([true, true, true, true, true])
  host.addresses = ['127.0.0.1', '10.0.0.8']
  host.time += 1000
  expect(known()).toEqual([true, false, false, false, false])
  // The system is asked once a second, not with each message.
  expect(host.asked).toBe(3)
})
