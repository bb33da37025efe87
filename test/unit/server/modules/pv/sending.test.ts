import { expect, test } from 'vitest'
import { messageText } from '../../../../compat/pv/facts.ts'
import { Bench } from '../../../../kit/bench.ts'
import { SERVER_PORT } from '../../../../kit/bench-ports.ts'

test('onsend_route knows the packet that is about to leave', async () => {
  const bench = await Bench.start(`loadmodule "pv.so"
loadmodule "xlog.so"
request_route { forward("127.0.0.1", 25199); xlog("$snd(ip) $sndfrom(port)"); }
onsend_route {
  xlog("$snd(ip) $snd(port) $sndto(af) $sndto(proto) $sndto(sproto) $sndfrom(ip) $sndfrom(port)");
  if ($snd(len) == $(snd(buf){s.len})) xlog("$(sndto(buf){s.substr,0,7})");
}
`)
  expect(bench.logged(messageText('invite'))).toEqual([
    `<script>: 127.0.0.1 25199 2 1 udp 127.0.0.1 ${SERVER_PORT}`,
    '<script>: INVITE ',
    '<script>: <null> <null>',
  ])
})
