// Without state only what cannot be sent goes to the next place (RFC 3263 section 4.3).
import { expect, test } from 'vitest'
import type { Places, Resolved } from '../../../../server/core/network.ts'
import { UDP } from '../../../../server/sip/transport.ts'
import { Bench } from '../../../kit/bench.ts'

const CONFIG = `use_dst_blocklist=yes
request_route {
  forward();
}
`
const OPTIONS =
  'OPTIONS sip:bob@many.test SIP/2.0\r\nVia: SIP/2.0/UDP 127.0.0.1:7000;branch=z9hG4bK1\r\n' +
  'From: <sip:a@x>;tag=1\r\nTo: <sip:b@x>\r\nCall-ID: 1\r\nCSeq: 1 OPTIONS\r\n\r\n'

/** A node that knows these places of every host, and cannot send to some of them. */
async function nodeWith(places: readonly string[], broken: readonly string[] = []) {
  const node = await Bench.start(CONFIG)
  const went: string[] = []
  const branches = new Set<string>()
  const at = (index: number): Resolved | null => {
    const ip = places[index]
    const more: Places = { next: done => done(at(index + 1)) }
    return ip === undefined ? null : { ip, port: 5060, proto: UDP, more }
  }
  node.core.network.resolve = (_host, _port, _proto, _secure, done) => done(at(0))
  node.core.network.send = (text, to) => {
    if (broken.includes(to.ip)) return false
    went.push(to.ip)
    branches.add(/branch=([^;\r]+)/.exec(text)![1]!)
    return true
  }
  return { node, went, branches }
}

const counted = (node: Bench, name: string): number =>
  node.core.counters.find('core', name)!.current()

test('the first place that can be sent to gets it, and it alone', async () => {
  const { node, went } = await nodeWith(['10.0.0.3', '10.0.0.4', '10.0.0.5'], ['10.0.0.3'])
  node.receive(OPTIONS)
  expect(went).toEqual(['10.0.0.4'])
  expect(counted(node, 'fwd_requests')).toBe(1)
  expect(counted(node, 'err_requests')).toBe(0)
})

test('a place on the blocklist is passed over', async () => {
  const { node, went } = await nodeWith(['10.0.0.3', '10.0.0.4'])
  node.core.blocklist.add(2, UDP, '10.0.0.3', 5060, 60)
  node.receive(OPTIONS)
  expect(went).toEqual(['10.0.0.4'])
})

test('when none can be sent to, that is one error', async () => {
  const { node, went } = await nodeWith(['10.0.0.3', '10.0.0.4'], ['10.0.0.3', '10.0.0.4'])
  node.receive(OPTIONS)
  expect(went).toEqual([])
  expect(counted(node, 'err_requests')).toBe(1)
})

test('a retransmission has the same branch everywhere (RFC 3261 section 16.11)', async () => {
  const { node, went, branches } = await nodeWith(['10.0.0.3', '10.0.0.4'])
  node.receive(OPTIONS)
  node.core.blocklist.add(2, UDP, '10.0.0.3', 5060, 60)
  node.receive(OPTIONS)
  expect(went).toEqual(['10.0.0.3', '10.0.0.4'])
  expect(branches.size).toBe(1)
})
