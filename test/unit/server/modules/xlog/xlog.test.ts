import { expect, test } from 'vitest'
import { L_ERR, L_INFO, L_NOTICE } from '../../../../../server/core/log.ts'
import { colorCode, readLevelColors } from '../../../../../server/modules/xlog/colors.ts'
import { levelOf } from '../../../../../server/modules/xlog/xlog.ts'
import { Bench } from '../../../../kit/bench.ts'
import { messageText } from '../../../../compat/pv/facts.ts'

const PLAIN = messageText('plain')

const bench = (params: string, script: string): Promise<Bench> =>
  Bench.start(`debug=2
loadmodule "pv.so"
loadmodule "xlog.so"
${params}
request_route {
${script}
}
`)

test('the third character of a level says which it is; a variable gives a number', () => {
  const words = ['L_ALERT', 'L_BUG', 'L_CRIT', 'L_ERR', 'L_WARN', 'L_NOTICE', 'L_INFO', 'L_DBG']
  expect(words.map(levelOf)).toEqual([-5, -4, -3, -1, 0, 1, 2, 3])
  expect(levelOf('2')).toBe(2)
  expect(levelOf('-1')).toBe(-1)
  expect(levelOf('x')).toBeNull()
  expect(levelOf('')).toBeNull()
})

test('lines carry prefix, level and line number; the line end is the log’s', async () => {
  const { lines, receive } = await started(
    '',
    'xlog("one $rm\\n");\nxlog("L_INFO", "two\\n");\nxlogl("L_ERR", "three");\nxnotice("four\\n");',
  )
  receive()
  expect(lines.map(({ level, source, text }) => [level, source, text])).toEqual([
    [L_ERR, '<script>', '<script>: one OPTIONS'],
    [L_INFO, '<script>', '<script>: two'],
    [L_ERR, '<script>', '<script>: 8:three'],
    [L_NOTICE, '<script>', '<script>: four'],
  ])
})

async function started(params: string, script: string) {
  const made = await bench(params, script)
  return { lines: made.lines, receive: () => made.receive(PLAIN), made }
}

test('a line above the log level is not even put together', async () => {
  const { lines, receive } = await started('', '$var(x) = 0; xdbg("$avp(y)"); xlog("L_DBG", "no");')
  receive()
  expect(lines).toEqual([])
})

test('a level that is none is an error in the log', async () => {
  const { lines, receive } = await started('', '$var(l) = "loud"; xlog("$var(l)", "x");')
  receive()
  expect(lines.map(line => line.text)).toContain('invalid log level value [loud]')
})

test('the prefix may have variables, the lines a facility of their own', async () => {
  const params = `modparam("xlog", "prefix", "[$rm] ")
modparam("xlog", "prefix_mode", 1)
modparam("xlog", "log_facility", "LOG_LOCAL3")`
  const { lines, receive } = await started(params, 'xlog("a"); xlog("LOG_LOCAL5", "L_ERR", "b");')
  receive()
  expect(lines.map(line => [line.text, line.facility])).toEqual([
    ['[OPTIONS] a', 'LOG_LOCAL3'],
    ['[OPTIONS] b', 'LOG_LOCAL5'],
  ])
})

test('xlogm is silent for the methods of its filter, which can change', async () => {
  const { lines, receive, made } = await started('', 'xlogm("L_ERR", "seen");')
  receive()
  expect(lines).toEqual([])
  expect(made.core.cfg.set('xlog', 'methods_filter', 0)).toBeNull()
  receive()
  expect(lines.map(line => line.text)).toEqual(['<script>: seen'])
})

test('what is longer than buf_size is not written', async () => {
  const { lines, receive } = await started('modparam("xlog", "buf_size", 10)', 'xlog("$ru");')
  receive()
  expect(lines.map(line => line.text)).toContain('a message of 19 bytes is longer than buf_size')
})

test('colours are for a terminal', async () => {
  expect(colorCode('rx')).toBe('\x1b[0;31;49m')
  expect(colorCode('Rg')).toBe('\x1b[1;31;42m')
  expect(() => colorCode('gW')).toThrow('no pair of colours')
  expect(() => colorCode('r')).toThrow('no pair of colours')
  expect(readLevelColors('L_ERR=cr;L_WARN=px').map(({ level }) => level)).toEqual([-1, 0])
  expect(() => readLevelColors('ERR=cr')).toThrow('no log level')
  const { lines, receive, made } = await started(
    'modparam("xlog", "log_colors", "L_ERR=cr")',
    'xlog("$C(rx)!");',
  )
  receive()
  expect(lines.map(line => line.text)).toEqual(['<script>: \x1b[0;31;49m!'])
  expect(made.core.log.colors.get(L_ERR)).toBe('\x1b[0;36;41m')
})
