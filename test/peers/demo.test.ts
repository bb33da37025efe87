// `npm start` without a terminal: three real nodes, phones that call each other, and nothing left
// when it ends.
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import { type Child, run, start } from '../kit/child.ts'
import { tmuxForTest } from '../kit/tmux.ts'

type Demo = { launcher: Child; fleet: string; ssh: string[]; pids: number[] }

function stateFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'ohana-state-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}

async function startDemo(): Promise<Demo> {
  const launcher = start(resolve('console/bin/demo'), [], {
    env: { XDG_STATE_HOME: stateFolder(), HOME: '/nonexistent' },
  })
  onTestFinished(async () => void (await launcher.stop()))
  await launcher.printed(/it runs until SIGINT or SIGTERM/, 30_000)
  const [, fleet = ''] = /--fleet (\S+) nodes/.exec(launcher.output)!
  const [, ssh = ''] = /^ +ssh (.*) kamctl ul show$/m.exec(launcher.output)!
  const nodes = ['n1', 'n2', 'n3'].map(name => join(dirname(fleet), name, 'pid'))
  const pids = nodes.map(path => Number(readFileSync(path, 'utf8')))
  return { launcher, fleet, ssh: ssh.split(' '), pids }
}

const alive = (pid: number): boolean => {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}
const kamctl = (fleet: string, ...words: string[]) =>
  run(resolve('ctl/bin/kamctl'), ['--fleet', fleet, ...words])

test('subscribers register at three nodes, call across them, and some calls fail', async () => {
  const { launcher, fleet, pids } = await startDemo()
  expect(launcher.output).toMatch(/three nodes are up: n1 on udp 127\.0\.0\.1:\d+, n2 .*, n3 /)
  const users = await kamctl(fleet, 'ul', 'show', '-q')
  expect(users.code).toBe(0)
  expect(users.output.trim().split('\n')).toHaveLength(9)
  const outcomes = async (): Promise<string> =>
    (await kamctl(fleet, 'trace', '-o', 'csv', '--columns', 'outcome,nodes,method')).output
  await expect
    .poll(outcomes, { timeout: 40_000, interval: 1000 })
    .toMatch(/ANSWERED,n\d n\d.*,INVITE/)
  await expect
    .poll(outcomes, { timeout: 40_000, interval: 1000 })
    .toMatch(/(BUSY|NOT FOUND|DECLINED|CANCELLED)/)
  expect(await launcher.stop()).toBe(0)
  await expect.poll(() => pids.filter(alive)).toEqual([])
  expect(existsSync(fleet)).toBe(false)
})

test('a parameter is changed on all nodes, a call is drawn, ssh lets the guest in', async () => {
  const { fleet, ssh } = await startDemo()
  const change = await kamctl(fleet, 'cfg', 'set', 'core.debug', '1')
  expect(change.output).toBe(
    'n1  core.debug: 2 -> 1\nn2  core.debug: 2 -> 1\nn3  core.debug: 2 -> 1\n',
  )
  const options = ['StrictHostKeyChecking=no', 'UserKnownHostsFile=/dev/null', 'LogLevel=ERROR']
  const words = ['-F', '/dev/null', ...options.flatMap(option => ['-o', option]), ...ssh]
  const shown = await run('ssh', [...words, 'kamctl', 'cfg', 'get', 'core.debug', '-o', 'csv'])
  expect([shown.code, shown.output]).toEqual([
    0,
    'node,group,name,value\nn1,core,debug,1\nn2,core,debug,1\nn3,core,debug,1\n',
  ])
  const ladder = async (): Promise<string> => (await kamctl(fleet, 'trace', 'alice')).output
  await expect.poll(ladder, { timeout: 40_000, interval: 1000 }).toMatch(/^CALL .*alice/m)
})

describe('nothing is left', () => {
  test('when the launcher is killed hard', async () => {
    const { launcher, fleet, pids } = await startDemo()
    onTestFinished(() => rmSync(dirname(fleet), { recursive: true, force: true }))
    launcher.process.kill('SIGKILL')
    await launcher.ended
    await expect.poll(() => pids.filter(alive)).toEqual([])
    const phones = await run('pgrep', ['-f', `console/demo/phones.js|ssh-server --fleet ${fleet}`])
    const left = phones.output.trim().split('\n').filter(Boolean).map(Number)
    await expect.poll(() => left.filter(alive)).toEqual([])
  })

  test('when the console is left, on a terminal', async () => {
    const tmux = tmuxForTest()
    const env = `env XDG_STATE_HOME=${stateFolder()}`
    await tmux.open(`${env} ${resolve('console/bin/demo')}`, 100, 30)
    await tmux.shows('● n3', 30_000)
    await tmux.keys('7')
    await tmux.shows('INVITE', 30_000)
    await tmux.keys('q', 'y')
    await tmux.shows('ended with 0')
    expect(await tmux.flag('alternate_on')).toBe(false)
  })
})
