/**
 * The management plane of a node: the commands that every node has and the JSON-RPC endpoints of
 * our own tools.
 */
import { join } from 'node:path'
import type { Core } from '../core.ts'
import { addCoreCommands } from './core-commands.ts'
import type { NodeFacts } from './facts.ts'
import { StreamEndpoint } from './stream-endpoint.ts'

export const SOCKET_NAME = 'ohana_rpc.sock'

interface Endpoint {
  close(): Promise<void>
}

export class Management {
  private readonly core: Core
  private readonly endCommands: () => void
  private endpoints: Endpoint[] = []

  /** Adds the commands; nothing is opened yet. */
  constructor(core: Core, facts: NodeFacts) {
    this.core = core
    this.endCommands = addCoreCommands(core, facts)
  }

  /**
   * Opens `<run_dir>/ohana_rpc.sock`, and a WebSocket for each of `webSockets` (`host:port`).
   * Rejects with a sentence when one cannot be had; the answer says where clients find them.
   */
  async open(webSockets: readonly string[]): Promise<string[]> {
    const stream = new StreamEndpoint(this.core, join(this.core.options.runDir, SOCKET_NAME))
    await stream.open()
    this.endpoints.push(stream)
    const places = [`unix:${stream.path}`]
    for (const place of webSockets) {
      const [, host = '', port = ''] = /^\[?(.+?)\]?:(\d+)$/.exec(place) ?? []
      if (port === '') throw new Error(`${place}: write host:port`)
      // Most nodes have none: they need not load the library.
      const { WebSocketEndpoint } = await import('./websocket-endpoint.ts')
      const endpoint = new WebSocketEndpoint(this.core, host, Number(port))
      places.push(await endpoint.open())
      this.endpoints.push(endpoint)
    }
    return places
  }

  async close(): Promise<void> {
    await Promise.all(this.endpoints.map(endpoint => endpoint.close()))
    this.endpoints = []
    this.endCommands()
  }
}
