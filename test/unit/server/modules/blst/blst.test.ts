// The functions of blst, as the real Kamailio answered them.
import { expect, test } from 'vitest'
import { Bench } from '../../../../kit/bench.ts'

const CALLS = `
  blst_is_blocklisted(); xlog("L_ERR", "is $rc");
  blst_add(); xlog("L_ERR", "add $rc");
  blst_is_blocklisted(); xlog("L_ERR", "is $rc");
  blst_del(); xlog("L_ERR", "del $rc");
  blst_del(); xlog("L_ERR", "del $rc");
  blst_add("-5"); xlog("L_ERR", "add $rc");
  blst_is_blocklisted(); xlog("L_ERR", "is $rc");
  blst_add("7"); xlog("L_ERR", "add $rc");
  blst_add_retry_after("3", "20"); xlog("L_ERR", "retry $rc");
  blst_set_ignore(); xlog("L_ERR", "set $rc");
  blst_clear_ignore("2"); xlog("L_ERR", "clear $rc");
  blst_rpl_set_ignore("16"); xlog("L_ERR", "set $rc");
  blst_rpl_clear_ignore(); xlog("L_ERR", "clear $rc");
`

const logged = (node: Bench, text: string): string[] =>
  node.logged(text).map(line => line.replace('<script>: ', ''))

const bench = (settings: string): Promise<Bench> =>
  Bench.start(`${settings}
loadmodule "pv.so"
loadmodule "xlog.so"
loadmodule "blst.so"
request_route {
${CALLS}
}
`)

const options = (extra = ''): string =>
  `OPTIONS sip:a@example.org SIP/2.0\r\nVia: SIP/2.0/UDP 127.0.0.1:7000;branch=z9hG4bK1\r\n` +
  `From: <sip:a@x>;tag=1\r\nTo: <sip:b@x>\r\nCall-ID: 1\r\nCSeq: 1 OPTIONS\r\n${extra}\r\n`

test('the source of a message comes on the list and off it', async () => {
  const node = await bench('use_dst_blocklist=yes')
  const rest = ['set 1', 'clear 1', 'set 1', 'clear 1']
  const first = ['is -1', 'add 1', 'is 1', 'del 1', 'del -1', 'add 1', 'is -1', 'add 1']
  expect(logged(node, options())).toEqual([...first, 'retry -1', ...rest])
  const entry = (): number[] => {
    const { flags, expires } = node.core.blocklist.all()[0]!
    return [flags, Math.round((expires - node.core.clock.monotonic()) / 1000)]
  }
  expect(entry()).toEqual([64, 7])
  for (const [told, seconds] of [
    [10, 10],
    [1, 3],
    [100, 20],
  ] as const) {
    expect(logged(node, options(`Retry-After: ${told}\r\n`))).toContain('retry 1')
    expect(entry()).toEqual([64, seconds])
  }
})

test('without use_dst_blocklist each function says that there is no list', async () => {
  const node = await bench('use_dst_blocklist=no')
  const lines = logged(node, options())
  expect(lines.filter(line => line === 'blocklist support disabled')).toHaveLength(9)
  expect(lines).not.toContain('is 1')
  expect(lines.filter(line => line === 'add 1')).toHaveLength(3)
  expect(lines).toContain('retry 1')
})
