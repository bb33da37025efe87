// The words of command lines: what is understood, what is refused and how, help and completion.
import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { usage } from '../../ctl/command.ts'
import { commands } from '../../ctl/commands/index.ts'
import { typedParams } from '../../ctl/commands/rpc.ts'
import { EXIT_DOC } from '../../ctl/exit.ts'
import { GROUPS } from '../../ctl/help.ts'
import { parse } from '../../ctl/parse.ts'
import { kamctl } from '../kit/ctl.ts'
import { FakeFleet, FakeNode } from '../kit/fake-node.ts'

const fleet = () =>
  new FakeFleet(new FakeNode('n1').register('alice', 'sip:alice@192.0.2.1'), new FakeNode('n2'))

describe('parameters of rpc are typed by what the method declares', () => {
  test.for([
    ['cfg.seti', ['core', 'debug', '3'], ['core', 'debug', 3]],
    ['cfg.seti', ['core', 'debug', 'i:3'], ['core', 'debug', 3]],
    ['cfg.sets', ['core', 'x', '3'], ['core', 'x', '3']],
    ['ul.lookup', ['location', '4711'], ['location', '4711']],
    ['core.printi', ['1', '-2'], [1, -2]],
    ['cfg.set', ['core', 'debug', '3'], ['core', 'debug', 3]],
    ['cfg.set', ['core', 'debug', 's:3'], ['core', 'debug', '3']],
    ['ohana.trace.find', ['{"user":"alice"}'], [{ user: 'alice' }]],
    ['unknown.method', ['3', 's:3', 'x', '1.5'], [3, '3', 'x', 1.5]],
  ] as const)('%s %j', ([method, words, params]) => {
    expect(typedParams(method, words)).toEqual(params)
  })

  test('a word where a number belongs is told with its place', () => {
    expect(() => typedParams('cfg.seti', ['core', 'debug', 'x'])).toThrow(
      'parameter 3 of cfg.seti is an integer, not x',
    )
  })
})

test('a reply is a table where it is a list, else YAML; several nodes are told apart', async () => {
  const one = await kamctl(fleet(), ['rpc', 'core.psx', '--nodes', 'n1'])
  expect(one.out).toBe('IDX  PID   DSC\n0    4711  main process - attendant\n')
  const both = await kamctl(fleet(), ['rpc', 'core.uptime'])
  expect(both.out).toMatch(/^# n1\nnow: .*\nup_since: .*\nuptime: 3725\n# n2\n/)
})

test.for([
  ['uls show', /unknown command 'uls' \(Did you mean ul\?\)/],
  ['ul shw', /ul has no command shw\? there are show, add, rm/],
  ['ul', /which one\? there are show, add, rm/],
  ['ul show --brieff', /unknown option '--brieff' \(Did you mean --brief\?\)/],
  ['ul add', /missing required argument 'user'; usage: kamctl ul add USER URI/],
  ['db query', /missing required argument 'query'; usage: kamctl db exec QUERY\n/],
  ['dispatcher addgw 1', /usage: kamctl dispatcher add SET DESTINATION /],
  ['uptime -o xml', /no output format xml; there are table/],
  ['uptime -t soon', /--timeout takes seconds/],
  ['help nonsense', /no help for nonsense/],
  ['trace alice --clock sun', /--clock is delta, offset or wall/],
  ['log --level loud', /no level loud/],
] as const)('kamctl %s', async ([words, complaint]) => {
  const { code, out, err } = await kamctl(fleet(), words.split(' '))
  expect(code).toBe(2)
  expect(out).toBe('')
  expect(err).toMatch(complaint)
})

test.for(['alias_db help', 'help alias_db', 'aliasdb --help'])('kamctl %s', async words => {
  const { code, out } = await kamctl(fleet(), words.split(' '))
  expect(code).toBe(0)
  expect(out).toContain('  alias_db list ')
})

test('the overview names every command, in a line for each group', async () => {
  const { out } = await kamctl(fleet(), ['help'])
  for (const { name } of commands) {
    const [group = '', word] = name.split(' ')
    const row = out.split('\n').find(line => line.startsWith(`  ${group} `))
    expect(row, name).toContain(word ?? group)
    if (word !== undefined) expect(row).toContain(GROUPS[group] ?? 'a sentence about it')
  }
})

test.for(commands.map(({ name }) => [name] as const))(
  'help %s begins with an example and has every option',
  async ([name]) => {
    const command = commands.find(row => row.name === name)!
    const { code, out } = await kamctl(fleet(), ['help', ...name.split(' ')])
    expect(code).toBe(0)
    expect(out.startsWith(`  kamctl ${command.examples[0]}\n`)).toBe(true)
    for (const { flags, doc } of command.options ?? []) {
      expect(out).toContain(flags)
      expect(out).toContain(doc)
    }
  },
)

test.for(commands.flatMap(({ examples }) => examples).map(example => [example] as const))(
  'the example `kamctl %s` is understood',
  ([example]) => {
    const quoted = example.match(/"[^"]*"|'[^']*'|\S+/g) ?? []
    const { command } = parse(
      commands,
      quoted.map(word => word.replace(/^(['"])(.*)\1$/, '$2')),
    )
    expect(example.startsWith(command.name)).toBe(true)
  },
)

test('the README has every command and every exit code', () => {
  const readme = readFileSync('ctl/README.md', 'utf8')
  for (const command of commands) expect(readme).toContain(`\`${usage(command)}\``)
  for (const [code, meaning] of EXIT_DOC) expect(readme).toContain(`| ${code} | ${meaning} |`)
})

describe('completion', () => {
  const words = async (...typed: string[]): Promise<string[]> => {
    const { out } = await kamctl(fleet(), ['__complete', ...typed])
    return out
      .trimEnd()
      .split('\n')
      .map(row => row.split('\t')[0]!)
  }

  test('commands, the words of a group, options', async () => {
    expect(await words('u')).toEqual(['uptime', 'ul', 'uid_domain', 'uacreg'])
    expect(await words('ul', '')).toEqual(['show', 'add', 'rm', 'dbclean'])
    expect(await words('ul', 'show', '--br')).toEqual(['--brief'])
    expect(await words('uptime', '-o', 'js')).toEqual(['json'])
    expect(await words('help')).toEqual(['help'])
  })

  test('values from the nodes', async () => {
    expect(await words('ul', 'show', 'al')).toEqual(['alice'])
    expect(await words('cfg', 'set', 'core')).toEqual(['core.debug'])
    expect(await words('rpc', 'ul.l')).toEqual(['ul.lookup'])
    expect(await words('uptime', '--nodes', '')).toEqual(['n1', 'n2'])
  })

  test('a dead fleet gives no words and no noise', async () => {
    const dead = fleet()
    for (const node of dead.nodes) node.mood = 'silent'
    const { code, out, err } = await kamctl(dead, ['__complete', 'ul', 'show', ''])
    expect([code, out, err]).toEqual([0, '', ''])
  })

  test.for([['bash'], ['zsh'], ['fish']])('a script for %s', async ([shell]) => {
    const { code, out } = await kamctl(fleet(), ['completion', shell!])
    expect(code).toBe(0)
    expect(out).toContain('kamctl __complete')
  })
})
