// kamctl as a process over nodes on sockets: what only a process has.
import { resolve } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { run, start } from '../kit/child.ts'
import { busyFleet } from '../kit/console.ts'
import { serveFleet } from '../kit/fake-fleet.ts'

const program = resolve('ctl/bin/kamctl')
const folder = resolve('ctl/bin')

test('a fleet by KAMCTL_FLEET, a node by --socket', async () => {
  const { file, folder: sockets } = await serveFleet(busyFleet())
  const all = await run(program, ['uptime', '-q'], { env: { KAMCTL_FLEET: file } })
  expect([all.code, all.output]).toEqual([0, '3725\n3725\n3725\n'])
  const one = await run(program, ['srv', 'version', '--socket', `${sockets}/n1.sock`])
  expect([one.code, one.output]).toEqual([0, 'VERSION\nkamailio 5.6.3 (x86_64/linux)\n'])
})

test('a silent node and one that is gone: both named, exit code 3', async () => {
  const fakes = busyFleet()
  fakes.nodes[1]!.mood = 'silent'
  const { file, folder: sockets } = await serveFleet(fakes)
  await run('rm', [`${sockets}/n3.sock`])
  const { code, output } = await run(program, ['ul', 'show', '--fleet', file, '-t', '2s'])
  expect(code).toBe(3)
  expect(output).toMatch(/1\/3 nodes; n2: no answer in 2 s; n3: not reachable: .*ENOENT/)
  expect(output).toContain('alice')
})

test('no node at all: 4, and the sentence says where it looked', async () => {
  const { code, output } = await run(program, ['uptime', '--socket', '/nowhere/at-all.sock'])
  expect(code).toBe(4)
  expect(output).toContain('connect ENOENT /nowhere/at-all.sock')
})

test.for([
  ['TERM', 143],
  ['INT', 130],
] as const)('SIG%s ends it while it waits, and while it follows', async ([signal, code]) => {
  const fakes = busyFleet()
  const { file } = await serveFleet(fakes)
  const following = start(program, ['log', '-f', '--fleet', file])
  await following.printed(/something is wrong/)
  following.process.kill(`SIG${signal}`)
  expect(await following.end()).toBe(code)
  fakes.nodes[0]!.mood = 'silent'
  const asked = fakes.nodes[1]!.asked.length
  const waiting = start(program, ['uptime', '-t', '60', '--fleet', file])
  await expect.poll(() => fakes.nodes[1]!.asked.length).toBeGreaterThan(asked)
  waiting.process.kill(`SIG${signal}`)
  expect(await waiting.end()).toBe(code)
})

test('a reader that goes away is no trouble', async () => {
  const fakes = busyFleet()
  const { file } = await serveFleet(fakes)
  // Whether its reader is there, a program learns when it writes.
  const talking = setInterval(() => fakes.nodes[0]!.write('one more line'), 100)
  onTestFinished(() => clearInterval(talking))
  const command = `${program} rpc --list | head -n 1; ${program} log -f --fleet ${file} | head -n 1`
  const { code, output } = await run('bash', ['-c', command])
  expect(code).toBe(0)
  expect(output).not.toMatch(/EPIPE|Error/)
})

test('colour when it is wanted, and only then', async () => {
  const { file } = await serveFleet(busyFleet())
  const words = ['ul', 'show', '--fleet', file]
  expect((await run(program, words)).output).not.toContain('\x1b')
  expect((await run(program, words, { env: { FORCE_COLOR: '1' } })).output).toContain('\x1b[36mn1')
  const never = await run(program, [...words, '--color', 'never'], { env: { FORCE_COLOR: '1' } })
  expect(never.output).not.toContain('\x1b')
  const none = await run(program, words, { env: { FORCE_COLOR: '1', NO_COLOR: '1' } })
  expect(none.output).not.toContain('\x1b')
})

test('bash completes commands, users and nodes', async () => {
  const { file } = await serveFleet(busyFleet())
  const complete = async (...words: string[]): Promise<string> => {
    const quoted = ['kamctl', ...words].map(word => `'${word}'`).join(' ')
    const script =
      `source <(kamctl completion bash); COMP_WORDS=(${quoted}); ` +
      `COMP_CWORD=${words.length}; _kamctl; echo "\${COMPREPLY[*]}"`
    const env = { PATH: `${folder}:${process.env.PATH}`, KAMCTL_FLEET: file }
    return (await run('bash', ['-c', script], { env })).output.trim()
  }
  expect(await complete('ul', '')).toBe('show add rm dbclean')
  expect(await complete('ul', 'show', 'b')).toBe('bob')
  expect((await complete('uptime', '--nodes', '')).split(/\s+/)).toEqual(['n1', 'n2', 'n3'])
})
