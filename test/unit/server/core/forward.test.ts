import { expect, test } from 'vitest'
import { TCP, UDP } from '../../../../server/sip/transport.ts'
import { Bench, second } from '../../../kit/bench.ts'
import { request } from '../../../kit/reload-stage.ts'

const bench = (script: string, head = ''): Promise<Bench> =>
  Bench.start(`${head}
loadmodule "corex.so"
loadmodule "pv.so"
loadmodule "xlog.so"
request_route {
${script}
}
onsend_route {
  xlog("L_ERR", "$rm $sndfrom(ip) to $sndto(ip)");
  if ($rU == "nobody") drop;
}
`)

const OPTIONS = request('OPTIONS', 'one')
const LARGE = OPTIONS.replace('\r\n\r\n', `\r\nX: ${'x'.repeat(1500)}\r\n\r\n`)
const toPeer = '$du = "sip:192.0.2.1:5070;transport=udp";'

test('a request leaves by the socket it came in by, or by the one that was chosen', async () => {
  const node = await bench(`${toPeer} forward(); set_send_socket("udp:127.0.0.1:${second.port}");
forward();`)
  node.receive(OPTIONS)
  const [first, other] = node.sent
  expect(first!.to).toMatchObject({ ip: '192.0.2.1', port: 5070, proto: UDP })
  expect(first!.to.socket).not.toBe(second)
  expect(other!.to.socket).toBe(second)
  expect(other!.text).toContain('Via: SIP/2.0/UDP 203.0.113.9:5070;')
})

test('a request that is too large for a datagram goes by a stream', async () => {
  const node = await bench(`${toPeer} forward();`, 'udp_mtu=1300\nudp_mtu_try_proto=TCP')
  node.receive(OPTIONS)
  node.receive(LARGE)
  expect(node.sent.map(({ to }) => to.proto)).toEqual([UDP, TCP])
})

test('the script may choose the stream for one request', async () => {
  const node = await bench(
    `${toPeer} if ($rU == "alice") udp_mtu_try_proto(TCP); forward();`,
    'udp_mtu=1300',
  )
  node.receive(LARGE)
  node.receive(LARGE.replace(/sip:\w+@/, 'sip:alice@'))
  expect(node.sent.map(({ to }) => to.proto)).toEqual([UDP, TCP])
})

test('onsend_route sees what leaves, and drop keeps it here', async () => {
  const node = await bench(`${toPeer} $var(c) = forward(); xlog("L_ERR", "= $var(c)");`)
  expect(node.logged(OPTIONS)).toEqual([
    '<script>: OPTIONS 127.0.0.1 to 192.0.2.1',
    '<script>: = 1',
  ])
  expect(node.logged(OPTIONS.replace(/sip:\w+@/, 'sip:nobody@'))).toEqual([
    '<script>: OPTIONS 127.0.0.1 to 192.0.2.1',
    '<script>: = -510',
  ])
  expect(node.sent).toHaveLength(1)
})

test('what cannot be sent is told', async () => {
  const node = await bench('$du = "nonsense"; forward(); exit;')
  expect(node.logged(OPTIONS)).toContain('forward: bad_uri dropping packet')
  expect(node.sent).toEqual([])
})
