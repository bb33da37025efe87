import { expect, test } from 'vitest'
import { parse as parseYaml } from 'yaml'
import { kamctl } from '../kit/ctl.ts'
import { FakeFleet, FakeNode } from '../kit/fake-node.ts'

const EVIL = 'pho\x1b]0;owned\x07ne\r\u202egnp.exe'

const fleet = (userAgent = 'phone 1.0') =>
  new FakeFleet(
    new FakeNode('n1').register('alice', 'sip:alice@192.0.2.1', { userAgent, expires: 9 }),
    new FakeNode('n2').register('bob', 'sip:bob@192.0.2.2', { expires: 100 }),
  )

test('bytes from the network cannot command the terminal, in any format', async () => {
  for (const format of ['table', 'wide', 'json', 'yaml', 'ndjson', 'csv', 'name']) {
    const { out } = await kamctl(fleet(EVIL), ['ul', 'show', '-o', format])
    expect(out.replaceAll('\n', ''), format).not.toMatch(/[\p{Cc}\p{Cf}]/u)
  }
  const { out } = await kamctl(fleet(EVIL), ['ul', 'show'])
  expect(out).toContain('pho^[]0;owned^Gne^M<U+202E>gnp.exe')
})

test('JSON keeps the bytes', async () => {
  const { out } = await kamctl(fleet(EVIL), ['ul', 'show', 'alice', '--json'])
  const { items } = JSON.parse(out) as { items: { userAgent: string }[] }
  expect(items[0]?.userAgent).toBe(EVIL)
})

test('a spreadsheet finds no formula', async () => {
  const { out } = await kamctl(fleet('=cmd()'), [
    'ul',
    'show',
    '-o',
    'csv',
    '--columns',
    'userAgent',
  ])
  expect(out).toBe("userAgent\n'=cmd()\nphone 1.0\n")
})

test('yaml is the envelope', async () => {
  const { out } = await kamctl(fleet(), ['ul', 'show', '-o', 'yaml'])
  expect(parseYaml(out)).toMatchObject({
    apiVersion: 'ohana/v1',
    kind: 'Contact',
    items: [{ aor: 'alice' }, { aor: 'bob' }],
  })
})

test('ndjson is one object a line', async () => {
  const { out } = await kamctl(fleet(), ['ul', 'show', '-o', 'ndjson'])
  const rows = out.trimEnd().split('\n')
  expect(rows.map(row => (JSON.parse(row) as { node: string }).node)).toEqual(['n1', 'n2'])
})

test('columns, order and titles as asked for', async () => {
  const words = ['ul', 'show', '--columns', 'contact,node', '--sort-by', '-expires', '--no-headers']
  const { out } = await kamctl(fleet(), words)
  expect(out).toBe('sip:bob@192.0.2.2    n2\nsip:alice@192.0.2.1  n1\n')
})

test('a column that is not there is named with those that are', async () => {
  const { code, err } = await kamctl(fleet(), ['ul', 'show', '--columns', 'colour'])
  expect(code).toBe(2)
  expect(err).toMatch(/no column colour; there are node, aor, contact/)
  expect((await kamctl(fleet(), ['ul', 'show', '--sort-by', 'colour'])).code).toBe(2)
})

test('on a narrow terminal cells are cut, into a pipe they are not', async () => {
  const long = 'a phone with a name that goes on and on and on and on'
  const narrow = await kamctl(fleet(long), ['ul', 'show'], { columns: 60 })
  for (const row of narrow.out.trimEnd().split('\n')) expect(row.length).toBeLessThanOrEqual(60)
  expect(narrow.out).toContain('…')
  const pipe = await kamctl(fleet(long), ['ul', 'show'])
  expect(pipe.out).toContain(long)
})
