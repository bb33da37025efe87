// Fake nodes on real sockets, for programs that are processes.
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { type Server, type Socket, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import { stringify } from 'yaml'
import type { Topic } from '../../rpc/contract/index.ts'
import { eventMethod } from '../../rpc/contract/ohana.ts'
import { Fault } from '../../rpc/faults.ts'
import { LineSplitter } from '../../rpc/wire/lines.ts'
import type { FakeFleet, FakeNode } from './fake-node.ts'
import type { Beside } from './server.ts'

export interface ServedFleet {
  readonly folder: string
  /** The fleet file. */
  readonly file: string
}

/** Serves every node on a Unix socket until the test is over. */
export async function serveFleet(
  fakes: FakeFleet,
  context: Beside = { onTestFinished },
): Promise<ServedFleet> {
  const folder = mkdtempSync(join(tmpdir(), 'ohana-fleet-'))
  const paths = fakes.nodes.map(({ name }) => join(folder, `${name}.sock`))
  const servers = await Promise.all(fakes.nodes.map((node, at) => serveFakeNode(node, paths[at]!)))
  const file = join(folder, 'fleet.yaml')
  const nodes = fakes.nodes.map(({ name }, at) => ({ name, endpoint: `unix:${paths[at]!}` }))
  writeFileSync(file, stringify({ fleet: 'testing', nodes }))
  context.onTestFinished(() => {
    for (const server of servers) server.close()
    rmSync(folder, { recursive: true, force: true })
  })
  return { folder, file }
}

/** One node on a Unix socket. */
function serveFakeNode(node: FakeNode, path: string): Promise<Server> {
  rmSync(path, { force: true })
  const server = createServer(socket => serveConnection(node, socket))
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(path, () => {
      chmodSync(path, 0o600)
      resolve(server)
    })
  })
}

type Request = { id?: number; method: string; params?: unknown[] }

/** How often a served node tells its figures, whatever interval it is asked for. */
const TELL_MS = 300

function serveConnection(node: FakeNode, socket: Socket): void {
  const lines = new LineSplitter(1_000_000)
  const ends: (() => void)[] = []
  const send = (message: object): void =>
    void socket.write(`${JSON.stringify({ jsonrpc: '2.0', ...message })}\n`)
  socket.on('data', (chunk: Buffer) => {
    for (const line of lines.push(chunk) ?? []) {
      const request = JSON.parse(line) as Request
      if (node.mood !== 'answers') continue
      if (request.method === 'ohana.subscribe') ends.push(serveTopic(node, request, send))
      else serveCall(node, request, send)
    }
  })
  socket.on('error', () => undefined)
  socket.on('close', () => {
    for (const end of ends) end()
  })
}

function serveCall(node: FakeNode, request: Request, send: (message: object) => void): void {
  const { id, method, params = [] } = request
  try {
    send({ id, result: node.answer(method, params) ?? {} })
  } catch (error) {
    if (!(error instanceof Fault)) throw error
    send({ id, error: { code: error.code, message: error.message } })
  }
}

/** Returns what ends the subscription. */
function serveTopic(node: FakeNode, request: Request, send: (message: object) => void): () => void {
  const [topic, options] = (request.params ?? []) as [Topic, { backlog?: number } | undefined]
  const tell = (event: object): void =>
    send({ method: eventMethod, params: { subscription, ...event } })
  // The backlog would come before the answer that names the subscription.
  const subscription: number = node.subscribe(topic, tell, { ...options, backlog: 0 })
  send({ id: request.id, result: { subscription } })
  const backlog = options?.backlog ?? 0
  if (topic === 'log' && backlog > 0) for (const data of node.log.slice(-backlog)) tell({ data })
  const figures = (): void => {
    if (node.mood === 'answers') tell({ data: { ...node.snapshot(), now: Date.now() } })
  }
  const timer = topic === 'stats' ? setInterval(figures, TELL_MS) : undefined
  return () => {
    clearInterval(timer)
    node.unsubscribe(subscription)
  }
}
