import { describe, expect, test } from 'vitest'
import { parseSelect } from '../../../../../server/modules/pv/selects/parse.ts'
import { readAliases, readSetting } from '../../../../../server/modules/pv/settings.ts'
import { fieldsOf, strftime } from '../../../../../server/modules/pv/strftime.ts'
import { stringTransformations } from '../../../../../server/modules/pv/transformations/string.ts'
import { valueTransformations } from '../../../../../server/modules/pv/transformations/value.ts'
import { numberTransformations } from '../../../../../server/modules/pv/transformations/value.ts'
import { Bench } from '../../../../kit/bench.ts'
import { messageText } from '../../../../compat/pv/facts.ts'

const bench = (script = 'exit;', head = ''): Promise<Bench> =>
  Bench.start(`debug=2
loadmodule "pv.so"
loadmodule "xlog.so"
${head}
request_route {
${script}
}
`)

const PLAIN = messageText('plain')

describe('shared variables', () => {
  const head = 'modparam("pv", "shvset", "level=i:3")\nmodparam("pv", "shvset", "gw=s:sip:x")'

  test('are read and set by RPC', async () => {
    const node = await bench('$shv(made) = 1;', head)
    expect(node.rpc('pv.shvGet', 'level')).toEqual({ name: 'level', type: 'int', value: 3 })
    expect(node.rpc('pv.shvGet', 'gw')).toEqual({ name: 'gw', type: 'string', value: 'sip:x' })
    expect(() => node.rpc('pv.shvGet', 'made')).toThrow('Variable not found')
    node.receive(PLAIN)
    expect(node.rpc('pv.shvSet', 'made', 'str', 'text')).toBe('Ok. Variable set to new value.')
    const { items } = node.rpc('pv.shvGet') as { items: [string, { name: string }][] }
    expect(items.map(([key, { name }]) => [key, name])).toEqual([
      ['shv', 'level'],
      ['shv', 'gw'],
      ['shv', 'made'],
    ])
  })

  test('a wrong call says what is wrong with it', async () => {
    const node = await bench('exit;', head)
    expect(() => node.rpc('pv.shvSet', 'none', 'int', 5)).toThrow('Variable not found')
    expect(() => node.rpc('pv.shvSet', 'level', 'integer', 5)).toThrow('Unknown parameter type')
    expect(() => node.rpc('pv.shvSet', 'level', 'int', 'x')).toThrow('Missing integer parameter')
    expect(() => node.rpc('pv.shvSet')).toThrow('Missing parameter varname')
  })

  test('parameters are read strictly', () => {
    expect(readSetting('a=s:b=c;d')).toEqual({ name: 'a', value: 'b=c;d' })
    expect(readSetting('a=i:-5')).toEqual({ name: 'a', value: -5 })
    expect(() => readSetting('a=5')).toThrow('sets no variable')
    expect(() => readSetting('a=i:x')).toThrow('is no number')
    expect(readAliases('e=s:email; t=i:5')).toEqual([
      ['e', 'email'],
      ['t', 5],
    ])
    expect(() => readAliases('e')).toThrow('is no alias')
  })
})

test('a config that names what is not there is refused', async () => {
  await expect(bench('$var(x) = $time(century);')).rejects.toThrow('century is not known here')
  await expect(bench('$var(x) = $K(UDX);')).rejects.toThrow('UDX is no constant')
  await expect(bench('$var(x) = $sel(from.nothing);')).rejects.toThrow('no select')
  await expect(bench('$var(x) = $xavp(a=>b=>c);')).rejects.toThrow('more than two levels')
  await expect(bench('$si = "x";')).rejects.toThrow('$si')
})

test.for(['', 'from.', '.from', 'from..uri', 'from[', 'cfg_get.a', 'via["x"]', 'nothing'])(
  'the select "%s" is none',
  text => {
    expect(() => parseSelect(text)).toThrow('select')
  },
)

test('AVPs go with a message and end with it', async () => {
  const node = await bench(
    'xlog("$avp(x)"); $avp(x) = 1; $var(x) = $var(x) + 1; xlog("$avp(x) $var(x)");',
  )
  expect(node.logged(PLAIN)).toEqual(['<script>: <null>', '<script>: 1 1'])
  expect(node.logged(PLAIN)).toEqual(['<script>: <null>', '<script>: 1 2'])
})

test('a wrong value is an error in the log and changes nothing', async () => {
  const node = await bench('$ru = 5; $rU = 5; $br = ""; xlog("$ru $bR");')
  expect(node.logged(PLAIN)).toEqual([
    '$ru takes a URI',
    '$rU takes a text',
    '$br takes a URI',
    '<script>: sip:127.0.0.1:25070 <null>',
  ])
})

test('pv_evalx of what does not parse fails', async () => {
  const node = await bench(
    `$var(d) = "$"; $var(x) = $var(d) + "nosuchvar(x)";
if (!pv_evalx("$var(z)", "$var(x)")) xlog("no");`,
  )
  expect(node.logged(PLAIN).at(-1)).toBe('<script>: no')
})

describe('transformations', () => {
  const s = (name: string, value: string | number | null, ...args: string[]) =>
    stringTransformations[name]!.run(value, ...args)

  test('have an end, whatever they are given', () => {
    expect(s('prefixes', 'x'.repeat(301))).toBeNull()
    expect(s('prefixes', 'x'.repeat(301), '2')).toBe('x,xx')
    expect(s('replace', 'a'.repeat(1000), 'a', 'b'.repeat(100))).toBeNull()
    expect(s('replace', 'aa', '', 'b')).toBe('aa')
    expect(s('rm', 'aa', '')).toBe('aa')
    expect(s('fmtlines', 'aaa', '1', '5000')).toBeNull()
    expect(s('fmtlines', 'aaa', '0', '1')).toBeNull()
    expect(s('ftime', '99999999999999', '%Y')).toBeNull()
  })

  test('of nothing make nothing, but {val} knows better', () => {
    for (const [name, row] of Object.entries(stringTransformations))
      expect([name, row.run(null, ...Array<string>(row.minArgs).fill('1'))]).toEqual([name, null])
    const val = (name: string, value: string | null) => valueTransformations[name]!.run(value)
    expect([val('n0', null), val('ne', null), val('json', null)]).toEqual([0, '', 'null'])
    expect(val('jsonqe', 'a"b\n')).toBe('"a\\"b\\n"')
    expect(numberTransformations.fdigit!.run(1234)).toBe(1)
    expect(numberTransformations.ldigit!.run(1234, '1')).toBe(3)
    expect(numberTransformations.fdigit!.run('x')).toBeNull()
  })
})

test('times are printed as C prints them', () => {
  const at = fieldsOf(Date.UTC(2026, 0, 4, 9, 5, 7), true)
  const says = {
    '%a %A|%b %B|%c': 'Sun Sunday|Jan January|Sun Jan  4 09:05:07 2026',
    '%C %d %D|%e|%F|%g %G %V': '20 04 01/04/26| 4|2026-01-04|26 2026 01',
    '%H %I %j|%k|%l|%m %M|%p %P': '09 09 004| 9| 9|01 05|AM am',
    '%r|%R|%s|%S|%T|%u %U %w %W': '09:05:07 AM|09:05|1767517507|07|09:05:07|7 01 0 00',
    '%y %Y|%z %Z|%%|%Q': '26 2026|+0000 UTC|%|%Q',
  }
  for (const [format, text] of Object.entries(says)) expect(strftime(format, at)).toBe(text)
  expect(fieldsOf(Date.UTC(2024, 11, 31), true).yday).toBe(366)
  expect(strftime('%G-W%V', fieldsOf(Date.UTC(2027, 0, 1), true))).toBe('2026-W53')
})

test('blanks around a text go, those inside it stay', () => {
  const blanks = `a${' '.repeat(60_000)}b`
  const trimmed = stringTransformations.rtrim!.run(blanks)
  expect(trimmed).toBe(blanks)
  expect(stringTransformations.trim!.run(`${' '.repeat(60_000)}x\r\n`)).toBe('x')
})
