/** The nodes of the demo: their command lines, and the wait until they answer. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { stringify } from 'yaml'
import { connect } from '../../rpc/client/connect.ts'
import { NoAnswer } from '../../rpc/faults.ts'
import { SOCKET_NAME } from '../../rpc/fleet/locate.ts'
import type { Children, Started } from './children.ts'

export interface DemoNode {
  readonly name: string
  readonly port: number
  readonly folder: string
}

/** What differs from node to node; the config is the same file for all. */
function commandLine(node: DemoNode, nodes: readonly DemoNode[], config: string): string[] {
  const index = nodes.indexOf(node)
  const [a, b] = [1, 2].map(step => nodes[(index + step) % nodes.length]!.port)
  const defines = [
    `PEER_A="sip:127.0.0.1:${a}"`,
    `PEER_A_PORT=${a}`,
    `PEER_B="sip:127.0.0.1:${b}"`,
    `PEER_B_PORT=${b}`,
  ]
  return [
    ...['-f', config, '-DD', '-E', '-Y', node.folder, '-w', node.folder],
    ...['-P', join(node.folder, 'pid'), '--node-name', node.name],
    ...['-l', `udp:127.0.0.1:${node.port}`],
    ...defines.flatMap(define => ['-A', define]),
  ]
}

export const logOf = (node: DemoNode): string => join(node.folder, 'log')

/**
 * Starts all nodes and waits until each answers; throws with the end of the log of one that does
 * not.
 */
export async function startNodes(
  children: Children,
  program: string,
  config: string,
  nodes: readonly DemoNode[],
): Promise<void> {
  const started = nodes.map(node => {
    mkdirSync(node.folder, { recursive: true, mode: 0o700 })
    const args = commandLine(node, nodes, config)
    return children.guarded(node.name, logOf(node), program, args)
  })
  await Promise.all(nodes.map((node, index) => answers(node, started[index]!)))
}

const START_MS = 20_000

async function answers(node: DemoNode, child: Started): Promise<void> {
  const until = Date.now() + START_MS
  while (Date.now() < until && child.code === null) {
    if (await isRunning(node)) return
    await pause(50)
  }
  const why = child.code === null ? 'does not answer' : `ended with exit code ${child.code}`
  const end = readFileSync(logOf(node), 'utf8').trimEnd().split('\n').slice(-8).join('\n')
  throw new Error(`node ${node.name} ${why}; the end of its log:\n${end}`)
}

async function isRunning({ folder }: DemoNode): Promise<boolean> {
  try {
    const client = await connect(`unix:${join(folder, SOCKET_NAME)}`, { timeoutMs: 1000 })
    try {
      return (await client.call('ohana.node')).state === 'running'
    } finally {
      await client.close()
    }
  } catch (error) {
    if (error instanceof NoAnswer) return false
    throw error
  }
}

/** The fleet file that kamctl and the console read; returns its path. */
export function writeFleetFile(folder: string, nodes: readonly DemoNode[]): string {
  const path = join(folder, 'fleet.yaml')
  const rows = nodes.map(({ name, folder: own }) => ({
    name,
    endpoint: `unix:${join(own, SOCKET_NAME)}`,
  }))
  writeFileSync(path, stringify({ fleet: 'demo', environment: 'dev', nodes: rows }), {
    mode: 0o600,
  })
  return path
}
