/**
 * `ssh host kamctl ...`: our own kamctl as a child, with the words as they are; no shell is
 * anywhere near.
 */
import { type ChildProcess, spawn } from 'node:child_process'
import { join } from 'node:path'
import type { ServerChannel } from 'ssh2'
import type { Located } from '../../rpc/fleet/locate.ts'
import { packageRoot } from '../package-root.ts'
import type { TerminalSize } from './channel-tty.ts'

/** The server decides which nodes and databases there are, not who comes in. */
const FORBIDDEN = /^--(fleet|socket|db)(=|$)/

/** Why these words may not be run; null when they may. */
export function refusal(words: readonly string[]): string | null {
  const word = words.find(one => FORBIDDEN.test(one))
  return word === undefined ? null : `${word} is not for guests; --nodes chooses among the nodes`
}

/** Options that say which nodes, for a child that has none of our environment. */
function target({ path, nodes, size }: Located, words: readonly string[]): string[] {
  if (path === null) return ['--socket', nodes[0]!.endpoint]
  const isChosen = words.some(word => /^--nodes(=|$)/.test(word))
  const names = nodes.map(({ name }) => name).join(',')
  return ['--fleet', path, ...(isChosen || nodes.length === size ? [] : ['--nodes', names])]
}

const CTRL_C = 3

/** Runs it and hands its exit code to the channel. */
export function runKamctl(
  channel: ServerChannel,
  words: readonly string[],
  located: Located,
  size: TerminalSize | null,
): ChildProcess {
  const { PATH, HOME, LANG, TZ } = process.env
  const terminal = size === null ? {} : { KAMCTL_COLUMNS: String(size.cols), FORCE_COLOR: '1' }
  const args = [...words, ...target(located, words), '--no-input']
  const child = spawn(join(packageRoot(), 'ctl', 'bin', 'kamctl'), args, {
    env: { ...onlySet({ PATH, HOME, LANG, TZ }), ...terminal, KAMCTL_GUEST: '1' },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  // With a terminal both streams are one, and its lines want a carriage return.
  const cooked = (text: string): string => (size === null ? text : text.replace(/\r?\n/g, '\r\n'))
  const errors = size === null ? channel.stderr : channel
  child.stdout.setEncoding('utf8').on('data', (text: string) => void channel.write(cooked(text)))
  child.stderr.setEncoding('utf8').on('data', (text: string) => void errors.write(cooked(text)))
  child.on('error', error => void errors.write(cooked(`${error.message}\n`)))
  child.on('close', (code, signal) => {
    if (!channel.writable) return
    if (signal !== null) channel.exit(signal)
    else channel.exit(code ?? 70)
    channel.end()
  })
  channel.on('data', (data: Buffer) => {
    if (size !== null && data.includes(CTRL_C)) child.kill('SIGINT')
  })
  channel.on('close', () => child.kill('SIGTERM'))
  return child
}

const onlySet = (env: Record<string, string | undefined>): Record<string, string> =>
  Object.fromEntries(Object.entries(env).flatMap(([key, value]) => (value ? [[key, value]] : [])))
