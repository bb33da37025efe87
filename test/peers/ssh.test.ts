// The ssh front door with a real ssh client.
import {
  chmodSync,
  copyFileSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { beforeEach, describe, expect, onTestFinished, test } from 'vitest'
import { type Child, run, start } from '../kit/child.ts'
import { busyFleet } from '../kit/console.ts'
import { serveFleet } from '../kit/fake-fleet.ts'
import type { FakeFleet } from '../kit/fake-node.ts'
import { tmuxForTest } from '../kit/tmux.ts'

let fakes: FakeFleet
let folder: string
let port: string
let server: Child

async function key(name: string): Promise<void> {
  const path = join(folder, name)
  const made = await run('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-C', name, '-f', path])
  expect(made.code).toBe(0)
}

async function startServer(file: string): Promise<void> {
  const args = ['ssh-server', '--fleet', file, '--listen', '127.0.0.1:0', '--state-dir', folder]
  server = start(resolve('console/bin/console'), args)
  port = (await server.printed(/^ssh -p (\d+) /m))[1]!
}

beforeEach(async () => {
  fakes = busyFleet()
  const served = await serveFleet(fakes)
  folder = mkdtempSync(join(tmpdir(), 'ohana-ssh-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  await key('guest')
  copyFileSync(join(folder, 'guest.pub'), join(folder, 'authorized_keys'))
  await startServer(served.file)
  onTestFinished(async () => void (await server.stop()))
})

const OPTIONS = [
  'LogLevel=ERROR',
  'StrictHostKeyChecking=no',
  'IdentitiesOnly=yes',
  'BatchMode=yes',
]

function words(more: readonly string[] = [], identity = 'guest'): string[] {
  const known = `UserKnownHostsFile=${join(folder, 'known_hosts')}`
  return [
    ...['-F', '/dev/null', '-p', port, '-i', join(folder, identity)],
    ...[...OPTIONS, known].flatMap(option => ['-o', option]),
    ...more,
    '127.0.0.1',
  ]
}
const ssh = (...command: string[]) => run('ssh', [...words(), ...command])

describe('kamctl', () => {
  test('prints what kamctl prints, and ends with its exit code', async () => {
    const found = await ssh('kamctl ul show bob')
    expect(found.code).toBe(0)
    expect(found.output).toMatch(/^n2 +bob +sip:bob@127\.0\.0\.1:7002/m)
    const missing = await ssh('kamctl ul show nobody')
    expect(missing.code).toBe(1)
    expect(missing.output).toContain('nobody is not registered')
    expect((await ssh('kamctl uls show')).code).toBe(2)
  })

  test('a silent node makes it partial', async () => {
    fakes.nodes[2]!.mood = 'silent'
    const { code, output } = await ssh('kamctl uptime -t 2s')
    expect(code).toBe(3)
    expect(output).toContain('2/3 nodes; n3: no answer in 2 s')
  })

  test('the nodes are the server’s choice, not the guest’s', async () => {
    for (const option of ['--fleet /etc/passwd', '--socket=/tmp/x']) {
      const { code, output } = await ssh(`kamctl nodes ${option}`)
      expect(code).toBe(2)
      expect(output).toContain('is not for guests')
    }
  })

  test('log -f ends with its client', async () => {
    const client = start('ssh', [...words(), 'kamctl log -f -n 1'])
    await client.printed(/something is wrong/)
    fakes.nodes[0]!.write('news of n1')
    await client.printed(/news of n1/)
    await client.stop()
    await expect.poll(() => fakes.nodes.map(node => node.audience)).toEqual([0, 0, 0])
  })
})

describe('nothing but what is offered', () => {
  test.for([['ls -l'], ['sh'], ['kamctl; id'], ['dashboard'], ["kamctl 'ul"], ['ssh-server']])(
    'no %s',
    async ([command]) => {
      const { code, output } = await ssh(command!)
      expect(code).toBe(2)
      expect(output).not.toMatch(/uid=|total \d/)
    },
  )

  test('words are words: nothing in them is run', async () => {
    const { code, output } = await ssh('kamctl ul show "$(id)" `id`')
    expect(code).not.toBe(0)
    expect(output).not.toContain('uid=')
  })

  test('no subsystem, no forwarding', async () => {
    expect((await run('ssh', [...words(['-s']), 'sftp'])).code).not.toBe(0)
    const forward = await run('ssh', words(['-W', '127.0.0.1:22']))
    expect(forward.code).not.toBe(0)
    const listening = await run(
      'ssh',
      words(['-N', '-o', 'ExitOnForwardFailure=yes', '-R', '0:127.0.0.1:9']),
    )
    expect(listening.code).not.toBe(0)
  })
})

describe('who may come in', () => {
  test('a key that is not on file may not', async () => {
    await key('stranger')
    const { code, output } = await run('ssh', [...words([], 'stranger'), 'kamctl nodes'])
    expect(code).toBe(255)
    expect(output).toContain('Permission denied (publickey)')
  })

  test('a key that is taken off the file may not any more', async () => {
    writeFileSync(join(folder, 'authorized_keys'), '')
    expect((await ssh('kamctl nodes')).code).toBe(255)
  })

  test('nobody, when others may write the file', async () => {
    chmodSync(join(folder, 'authorized_keys'), 0o666)
    expect((await ssh('kamctl nodes')).code).toBe(255)
    expect(server.output).toContain('can be written by others')
  })

  test('the log says who did what', async () => {
    await ssh('kamctl nodes')
    const print = await run('ssh-keygen', ['-l', '-f', join(folder, 'guest.pub')])
    const fingerprint = /SHA256:\S+/.exec(print.output)![0]
    expect(server.output).toContain(`ssh: guest (${fingerprint}) from 127.0.0.1:`)
    expect(server.output).toMatch(/: kamctl nodes$/m)
  })
})

test('the host key is made once and kept for nobody else to read', async () => {
  const path = join(folder, 'ssh_host_ed25519_key')
  expect(statSync(path).mode & 0o777).toBe(0o600)
  const first = readFileSync(path, 'utf8')
  await server.stop()
  await startServer(join(folder, '..', 'nothing.yaml')).catch(() => undefined)
  expect(readFileSync(path, 'utf8')).toBe(first)
  chmodSync(path, 0o644)
  const careless = start(resolve('console/bin/console'), [
    ...['ssh-server', '--socket', '/tmp/none', '--listen', '127.0.0.1:0', '--state-dir', folder],
  ])
  expect(await careless.end()).not.toBe(0)
  expect(careless.output).toContain('give it mode 0600')
})

describe('on a terminal', () => {
  const line = (...command: string[]): string => ['ssh', ...words(['-t']), ...command].join(' ')

  test('the console: keys, another size, charts, out', async () => {
    const tmux = tmuxForTest()
    await tmux.open(line(), 100, 30)
    await tmux.shows('● n3')
    await tmux.keys('2')
    await tmux.shows('Hardphone 2000')
    await tmux.resize(80, 24)
    await tmux.shows(/^ 1 Nodes {2}2 Reg {2}3 Trans /m)
    await tmux.keys('D')
    await tmux.shows('Calls per second')
    await tmux.keys('q')
    await tmux.shows('Hardphone 2000')
    await tmux.keys('q', 'y')
    await tmux.shows('ended with 0')
    expect(await tmux.flag('alternate_on')).toBe(false)
    expect(await tmux.flag('cursor_flag')).toBe(true)
    await expect.poll(() => fakes.nodes.map(node => node.audience)).toEqual([0, 0, 0])
  })

  test('the dashboard alone', async () => {
    const tmux = tmuxForTest()
    await tmux.open(line('dashboard'), 120, 40)
    await tmux.shows('Replies/s by class')
    await tmux.shows('something is wrong')
    await tmux.keys('q')
    await tmux.shows('ended with 0')
  })

  test('a client that vanishes takes its screen with it', async () => {
    const tmux = tmuxForTest()
    await tmux.open(line(), 80, 24)
    await tmux.shows('● n3')
    expect(fakes.nodes[0]!.audience).toBeGreaterThan(0)
    await tmux.command('kill-session')
    await expect.poll(() => fakes.nodes.map(node => node.audience)).toEqual([0, 0, 0])
    expect(server.code).toBeNull()
  })
})

test('without a terminal the console is text', async () => {
  const { code, output } = await ssh('console --plain --view reg')
  expect(code).toBe(0)
  expect(output).toMatch(/^NODE +AOR +CONTACT/)
  expect(output).not.toContain('\x1b')
})
