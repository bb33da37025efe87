import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import permissions from '../../../../../server/modules/permissions/permissions.module.ts'
import type { Permissions } from '../../../../../server/modules/permissions/permissions.ts'
import { addressReload } from '../../../../../server/modules/permissions/rpc.ts'
import { fits, readRules } from '../../../../../server/modules/permissions/rules.ts'
import { fromBasic } from '../../../../../server/modules/permissions/trusted.ts'
import { testModules } from '../modules-for-test.ts'

interface Started {
  readonly self: Permissions
  readonly lines: string[]
  write(text: string): void
}

async function withFile(text: string, params: [string, string | number][] = []): Promise<Started> {
  const folder = mkdtempSync(join(tmpdir(), 'permissions-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  const path = join(folder, 'addresses')
  const write = (content: string): void => writeFileSync(path, content)
  write(text)
  const values = [['address_file', path], ...params] as const
  const { core, host } = testModules(
    [permissions],
    values.map(([name, value]) => ['permissions', name, value] as const),
  )
  const lines: string[] = []
  core.log.addSink(line => lines.push(line.text))
  await host.start()
  return { self: host.instance('permissions') as Permissions, lines, write }
}

describe('a file of addresses', () => {
  test.for([
    ['x y z', 'line 2: bad line [x y z]'],
    ['1 10.0.0.1 33', 'line 2: a mask of 33 bits does not go with 10.0.0.1'],
    ['1 10.0.0.1 x', 'line 2: mask and port must be numbers [1 10.0.0.1 x]'],
    ['0 10.0.0.1', 'line 2: the group is not above 0'],
    ['1 10.0.0.1 32 70000', 'line 2: 70000 is no port'],
    ['1 10.0.0.0 8', 'line 2: there are more than 1 networks (max_subnets)'],
  ])('with the line %s leaves the table in force', async ([line = '', why = '']) => {
    const { self, lines, write } = await withFile('1 192.0.2.0 24\n', [['max_subnets', 1]])
    write(`1 192.0.2.0 24\n${line}\n`)
    await expect(self.addresses!.load('test')).rejects.toThrow(why)
    expect(lines.join()).toContain(`table address was not loaded: ${why}; generation 1 stays`)
    await expect(addressReload(self)).rejects.toThrow(`Reload failed. ${why}`)
    expect(self.addresses!.current.find(1, '192.0.2.7', 5060)?.mask).toBe(24)
  })

  test('that is bad keeps the node from starting', async () => {
    await expect(withFile('1 10.0.0.1 99\n')).rejects.toThrow('a mask of 99 bits')
  })

  test('finds hosts before networks, and networks of IPv4 in IPv4 only', async () => {
    const { self } = await withFile('1 128.0.0.0 1\n2 192.0.2.1\n3 10.0.0.2 0\n')
    const table = self.addresses!.current
    expect(table.find(null, '192.0.2.1', 1)?.group).toBe(2)
    expect(table.find(null, '192.0.2.2', 1)?.group).toBe(1)
    expect(table.find(null, '2001:db8::1', 1)).toBeNull()
    // A mask of 0 bits fits the address itself.
    expect(table.find(null, '10.0.0.1', 1)).toBeNull()
    expect(table.find(null, '10.0.0.2', 1)?.group).toBe(3)
  })
})

describe('rules', () => {
  test.for([
    ['ALL', 'parse error in line 1'],
    ['# fine\nALL : "("', 'parse error in line 2: invalid expression "("'],
    ['ALL : "a" EXCEPT "b" EXCEPT "c"', 'EXCEPT stands there twice'],
    ['"a", : ALL', 'invalid expression'],
  ])('like %s are none', ([text = '', why = '']) => {
    expect(() => readRules(text)).toThrow(why)
  })

  test('take marks in quotes for what they are', () => {
    const rules = readRules('"^sip:a#b" : "^sip:[x,y]:"  # a comment\n')
    expect(fits(rules, 'sip:a#b@h', 'sip:x:p@h')).toBe(true)
    expect(fits(rules, 'sip:a@h', 'sip:x:p@h')).toBe(false)
  })

  test('ignore case', () => {
    expect(fits(readRules('"^sip:ALICE@" : ALL'), 'sip:alice@h', 'sip:x')).toBe(true)
  })

  test('that do not parse keep the node from starting, or deny all', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'permissions-'))
    onTestFinished(() => rmSync(folder, { recursive: true }))
    const path = join(folder, 'bad.allow')
    writeFileSync(path, 'nonsense\n')
    await expect(withFile('', [['default_allow_file', path]])).rejects.toThrow(
      `${path}: parse error`,
    )
    const { self, lines } = await withFile('')
    expect(self.rules(path, 4)).toBeNull()
    expect(lines.join()).toContain('parse error in line 1')
  })
})

test('patterns of trusted peers are basic ones', () => {
  const cases = [
    ['^sip:alice@.*$', '^sip:alice@.*$'],
    ['a+b?(c|d){2}', 'a\\+b\\?\\(c\\|d\\)\\{2\\}'],
    ['a\\+\\(b\\|c\\)\\{2\\}', 'a+(b|c){2}'],
    ['*a', '\\*a'],
    ['[]+*]x*', '[]+*]x*'],
    ['a\\.b', 'a\\.b'],
  ]
  expect(cases.map(([basic]) => fromBasic(basic!))).toEqual(cases.map(([, extended]) => extended))
})
