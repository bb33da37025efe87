import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { readGroups } from '../../../../../server/modules/regex/regex.ts'
import { messageText } from '../../../../compat/pv/facts.ts'
import { Bench } from '../../../../kit/bench.ts'

const bench = (script: string, ...lines: string[]): Promise<Bench> =>
  Bench.start(
    ['loadmodule "pv.so"', 'loadmodule "xlog.so"', 'loadmodule "regex.so"', ...lines].join('\n') +
      `\nrequest_route {\n${script}\n}\n`,
  )

function file(text: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'regex-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  const path = join(folder, 'groups')
  writeFileSync(path, text)
  return path
}

const PLAIN = messageText('plain')

test('a file is read again, and a bad one changes nothing', async () => {
  const path = file('[0]\n^a\n')
  const script =
    'pcre_match_group("abc"); $var(a) = $rc; pcre_match_group("xyz"); xlog("$var(a) $rc");'
  const node = await bench(script, `modparam("regex", "file", "${path}")`)
  expect(node.logged(PLAIN)).toEqual(['<script>: 1 -1'])
  writeFileSync(path, '[0]\n^x\n')
  node.rpc('regex.reload')
  expect(node.logged(PLAIN)).toEqual(['<script>: -1 1'])
  writeFileSync(path, '[0]\n(\n')
  expect(() => node.rpc('regex.reload')).toThrow('Failed to reload')
  expect(node.logged(PLAIN)).toEqual(['<script>: -1 1'])
})

test('options count for groups', async () => {
  const path = file('[0]\n^ a b $\n')
  const script = 'if (pcre_match_group("AB")) xlog("yes");'
  const options = ['pcre_caseless', 'pcre_extended', 'pcre_multiline', 'pcre_dotall'].map(
    name => `modparam("regex", "${name}", 1)`,
  )
  const node = await bench(script, `modparam("regex", "file", "${path}")`, ...options)
  expect(node.logged(PLAIN)).toEqual(['<script>: yes'])
})

test('without a file there are no groups', async () => {
  const node = await bench('pcre_match_group("a", 1); xlog("$rc");')
  expect(node.logged(PLAIN).at(-1)).toBe('<script>: -2')
  expect(() => node.rpc('regex.reload')).toThrow('Group matching not enabled')
})

test.for([
  ['/nowhere', 'cannot be read', 20],
  ['[0]\n[1]\n', 'more groups', 1],
  ['[0]\na\n', 'longer', 20],
  ['[0]\n[\n', 'group 0', 20],
  ['a\n', 'does not begin', 20],
] as const)('the file %j is refused', async ([text, reason, most]) => {
  const path = text.startsWith('/') ? text : file(text)
  const size = reason === 'longer' ? 1 : 8192
  await expect(
    bench(
      'exit;',
      `modparam("regex", "file", "${path}")`,
      `modparam("regex", "max_groups", ${most})`,
      `modparam("regex", "group_max_size", ${size})`,
    ),
  ).rejects.toThrow(reason)
})

test('groups are counted, whatever number they have', () => {
  expect(readGroups('# x\n[5]\na\n\n[9]\nb\nc\n')).toEqual([['a'], ['b', 'c']])
})
