// What Kamailio 6 added to pv: there is no 5.6.3 to ask.
import { expect, test } from 'vitest'
import { keccak512 } from '../../../../../server/modules/pv/transformations/keccak.ts'
import { newerTransformations } from '../../../../../server/modules/pv/transformations/newer.ts'
import { uriTransformations } from '../../../../../server/modules/pv/transformations/uri.ts'
import { messageText } from '../../../../compat/pv/facts.ts'
import { Bench } from '../../../../kit/bench.ts'

const s = (name: string, value: string, ...args: string[]): unknown =>
  newerTransformations[name]!.run(value, ...args)

test('hashes are those of their standards', () => {
  expect(s('sha1', 'abc')).toBe('a9993e364706816aba3e25717850c26c9cd0d89d')
  expect(s('sha3', 'abc')).toMatch(/^b751850b1a57168a5693cd924b6b096e/)
  expect(keccak512('')).toMatch(/^0eab42de4c3ceb9235fc91acffe746b2/)
  expect(keccak512('abc')).toMatch(/^18587dc2ea106b9a1563e32b3312421c/)
  // Longer than a block.
  expect(keccak512('a'.repeat(200))).toHaveLength(128)
  expect(s('crc32', '123456789')).toBe(0xcbf43926 | 0)
})

test('texts are folded, cut and numbered', () => {
  expect(s('intv', '42 apples')).toBe(42)
  expect(s('intv', 'none')).toBe(0)
  expect(s('rmhdws', 'a\r\n  b\n\tc')).toBe('a b c')
  expect(s('rmhlws', 'a\r\n  b')).toBe('ab')
  expect(s('unescape.crlf', String(s('escape.crlf', 'a\r\nb')))).toBe('a\r\nb')
  expect(s('escape.crlf', 'a\r\nb')).toBe('a\\r\\nb')
  expect(s('selectws', '12 34\t56', '2')).toBe('56')
  expect(s('selectsw', ' 12  34', '-1')).toBe('34')
  expect([s('charat', 'abc', '1'), s('charat', 'abc', '-1'), s('charat', 'abc', '9')]).toEqual([
    'b',
    'c',
    null,
  ])
  expect(s('byteat', 'abc', '0')).toBe(97)
})

test('{uri.rmparam} takes one parameter away and leaves the rest as it is', () => {
  const without = (uri: string, name: string): unknown => uriTransformations.rmparam!.run(uri, name)
  expect(without('sip:a@b;x=1;lr;y=2?h=v', 'LR')).toBe('sip:a@b;x=1;y=2?h=v')
  expect(without('sip:a@b;x=1', 'x')).toBe('sip:a@b')
  expect(without('sip:a@b;x=1', 'z')).toBe('sip:a@b;x=1')
  expect(without('nonsense', 'x')).toBeNull()
})

test('the newer variables have values', async () => {
  const bench = await Bench.start(`#!define WORD "text"
#!define BARE
loadmodule "pv.so"
loadmodule "xlog.so"
request_route {
  $shv(n) = 4;
  xlog("$tts $ful $rul $cts $ctu|$shvinc(n) $shvinc(n)|$defv(WORD) $defs(WORD) $defv(BARE)");
  xlog("$Ec$Ei$Ej$Eq$Ek$Ev$Eb|$via0(params) $via0(oc)|$K(IP4) $K(IP6)|$iuid");
  $xavp(a=>b) = 1; $xavp(a=>b) = 2;
  xavp_rm_all("a");
  xavp_xparams_explode("x=1&y=2", "&", "p");
  xlog("$cnt($xavp(a)) $xavp(p=>y)");
}
`)
  expect(bench.logged(messageText('plain'))).toEqual([
    '<script>: 0 21 19 0 <null>|5 6|text "text" BARE',
    `<script>: ,:;"'\`\\|branch=z9hG4bKopt 0|2 10|<null>`,
    '<script>: 0 2',
  ])
})
