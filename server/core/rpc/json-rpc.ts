/**
 * JSON-RPC 2.0 on a connection that stays: calls in, replies and events out. The library matches
 * and validates; names, faults and texts are Kamailio's. Texts of the SIP world are bytes: they are
 * UTF-8 on the wire and byte strings in here.
 */
import { isUtf8 } from 'node:buffer'
import {
  createJSONRPCErrorResponse,
  createJSONRPCSuccessResponse,
  type JSONRPCRequest,
  type JSONRPCResponse,
  JSONRPCServer,
} from 'json-rpc-2.0'
import { Fault } from '../../../rpc/faults.ts'
import { inTurns, isLong } from '../../../rpc/wire/long-list.ts'
import type { Strictness } from './bind.ts'
import type { Caller, Connection, Reply, RpcRegistry } from './registry.ts'

/** Our own clients may be as loose as they like. */
const LOOSE: Strictness = { convert: true, skipWrongOptional: false }
const INVALID_REQUEST = -32600
/** Calls of one connection that may be under way. */
const MOST_AT_ONCE = 256
/** Unsent bytes above which events are left out ... */
const SLOW_BYTES = 1024 * 1024
/** ... and above which the connection is given up. */
const STUCK_BYTES = 512 * 1024 * 1024

const COMMA = Buffer.from(',')
const END = Buffer.from(']}')

/** What the transport does for a peer. */
export interface PeerSocket {
  write(bytes: Buffer): void
  /** Bytes written that have not left yet. */
  readonly unsent: number
  destroy(): void
}

/** The JSON-RPC side of the registry, one for all connections. */
export function jsonRpcServer(registry: RpcRegistry): JSONRPCServer<JsonRpcPeer> {
  const server = new JSONRPCServer<JsonRpcPeer>({ errorListener: () => {} })
  // Every call goes to the registry: nothing is added to the library's own table of methods.
  server.applyMiddleware(async (_next, request, peer) => answer(registry, request, peer))
  return server
}

async function answer(
  registry: RpcRegistry,
  request: JSONRPCRequest,
  peer: JsonRpcPeer,
): Promise<JSONRPCResponse | null> {
  const id = request.id ?? null
  const params: unknown = request.params ?? []
  if (typeof request.method !== 'string' || typeof params !== 'object') {
    return createJSONRPCErrorResponse(id, INVALID_REQUEST, 'Invalid Request')
  }
  try {
    const reply = await registry.call(request.method, Object.values(params as object), peer.caller)
    return request.id === undefined ? null : createJSONRPCSuccessResponse(id, resultOf(reply))
  } catch (error) {
    if (request.id === undefined) return null
    const fault = error as Fault
    return createJSONRPCErrorResponse(id, fault.code === 0 ? -32000 : fault.code, fault.message)
  }
}

const resultOf = (reply: Reply): unknown => (reply.shape.kind === 'nothing' ? {} : reply.value)

export class JsonRpcPeer implements Connection {
  readonly caller: Caller
  private readonly server: JSONRPCServer<JsonRpcPeer>
  private readonly socket: PeerSocket
  private readonly endings: (() => void)[] = []
  private underWay = 0
  private ended = false

  constructor(
    server: JSONRPCServer<JsonRpcPeer>,
    transport: Caller['transport'],
    socket: PeerSocket,
  ) {
    this.server = server
    this.socket = socket
    this.caller = { transport, strictness: LOOSE, connection: this }
  }

  /** Takes one message. Never rejects. */
  async receive(text: string): Promise<void> {
    if (this.underWay >= MOST_AT_ONCE) {
      this.send(createJSONRPCErrorResponse(null, 503, 'Too many calls at once'))
      return
    }
    this.underWay++
    const response = await this.respond(text)
    if (response !== null) await this.reply(response)
    this.underWay--
  }

  /** A long list is written a part at a time, and leaves as a whole. */
  private async reply(response: JSONRPCResponse | JSONRPCResponse[]): Promise<void> {
    if (Array.isArray(response) || !isLong(response.result)) return this.send(response)
    const { id, result } = response
    const parts = await inTurns(result, part => wireBytes(JSON.stringify(part).slice(1, -1)))
    if (this.ended) return
    const pieces = [wireBytes(`{"jsonrpc":"2.0","id":${JSON.stringify(id)},"result":[`)]
    for (const [i, part] of parts.entries()) {
      if (i > 0) pieces.push(COMMA)
      pieces.push(part)
    }
    pieces.push(END)
    this.socket.write(Buffer.concat(pieces))
  }

  private async respond(text: string): Promise<JSONRPCResponse | JSONRPCResponse[] | null> {
    let request: unknown
    try {
      request = JSON.parse(text)
    } catch {
      return createJSONRPCErrorResponse(null, -32700, 'Parse error')
    }
    const count = Array.isArray(request) ? request.length : 1
    if (request === null || typeof request !== 'object' || count > MOST_AT_ONCE) {
      return createJSONRPCErrorResponse(null, INVALID_REQUEST, 'Invalid Request')
    }
    return this.server.receive(asBytes(request) as JSONRPCRequest, this)
  }

  notify(method: string, params: unknown): boolean {
    if (this.ended || this.socket.unsent > SLOW_BYTES) return false
    this.send({ jsonrpc: '2.0', method, params })
    return true
  }

  onEnd(callback: () => void): void {
    if (this.ended) callback()
    else this.endings.push(callback)
  }

  end(): void {
    this.ended = true
    for (const callback of this.endings.splice(0)) callback()
  }

  private send(message: unknown): void {
    if (this.ended) return
    if (this.socket.unsent > STUCK_BYTES) this.socket.destroy()
    else this.socket.write(wireBytes(JSON.stringify(message)))
  }
}

/** Every text in it as a byte string. */
function asBytes(value: unknown): unknown {
  if (typeof value === 'string') {
    return isAscii(value) ? value : Buffer.from(value, 'utf8').toString('latin1')
  }
  if (Array.isArray(value)) return value.map(asBytes)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, asBytes(one)]))
}

// oxlint-disable-next-line no-control-regex
const isAscii = (text: string): boolean => !/[^\u0000-\u007f]/.test(text)

/**
 * JSON of byte strings as valid UTF-8: bytes that are none are replaced, characters beyond a byte
 * are escaped.
 */
function wireBytes(json: string): Buffer {
  const escaped = json.replace(
    // oxlint-disable-next-line no-control-regex
    /[^\u0000-\u00ff]/g,
    one => `\\u${one.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )
  const bytes = Buffer.from(escaped, 'latin1')
  return isUtf8(bytes) ? bytes : Buffer.from(bytes.toString('utf8'), 'utf8')
}
