/** BINRPC requests to the registry and replies back. */
import { Fault } from '../../../rpc/faults.ts'
import { FAULT, packet, readHead, REPLY, REQUEST } from '../../../rpc/wire/binrpc.ts'
import { type BinrpcValue, readRecords } from '../../../rpc/wire/binrpc-read.ts'
import { writeFault, writeResult } from '../../../rpc/wire/binrpc-write.ts'
import { inTurns, longList } from '../../../rpc/wire/long-list.ts'
import { Double } from '../../core/rpc/bind.ts'
import type { Caller, RpcRegistry } from '../../core/rpc/registry.ts'
import type { Protocol, StreamReader } from './protocol.ts'

const NAME = 'binrpc'
/** A request longer than this is refused and the connection closed. */
const LONGEST_BODY = 64 * 1024
const NO_COOKIE = Buffer.alloc(1)

export class Binrpc implements Protocol {
  readonly name = NAME
  private readonly registry: RpcRegistry

  constructor(registry: RpcRegistry) {
    this.registry = registry
  }

  reader(): StreamReader {
    return new PacketReader()
  }

  async answer(request: Buffer, caller: Caller): Promise<Buffer | null> {
    const head = readHead(request)
    if (head === null || typeof head === 'string' || head.flags !== REQUEST) return corrupted()
    const cookie = withoutZeros(head.cookie)
    try {
      const body = request.subarray(head.headLength, head.headLength + head.bodyLength)
      const [name, ...args] = readRequest(body)
      const { shape, value } = await this.call(name, args, caller)
      const list = longList(shape, value)
      if (list === null) return packet(REPLY, cookie, writeResult(shape, value))
      const parts = await inTurns(list, part => writeResult(shape, part))
      return packet(REPLY, cookie, Buffer.concat(parts))
    } catch (error) {
      const { code, message } = error as Fault
      return packet(FAULT, cookie, writeFault(code, message))
    }
  }

  private call(name: string, args: readonly BinrpcValue[], caller: Caller) {
    if (this.registry.find(name) === null) throw new Fault(500, `command ${name} not found`)
    return this.registry.call(name, args.map(argument), caller)
  }
}

/** The records of a request: the name of the command comes first. */
function readRequest(body: Buffer): [string, ...BinrpcValue[]] {
  const records = readRecords(body)
  if (typeof records === 'string') throw new Fault(400, 'bad request: corrupted packet')
  const [name, ...args] = records
  if (name === undefined) {
    throw new Fault(400, 'bad request method: end of packet encountered')
  }
  if (typeof name !== 'string') {
    throw new Fault(400, "bad request method: record doesn't match type")
  }
  return [name, ...args]
}

const argument = (value: BinrpcValue): unknown =>
  typeof value === 'object' && 'double' in value ? new Double(value.double) : value

/** Kamailio keeps a cookie as a number. */
function withoutZeros(cookie: Buffer): Buffer {
  let from = 0
  while (from < cookie.length - 1 && cookie[from] === 0) from++
  return cookie.subarray(from)
}

const corrupted = (): Buffer =>
  packet(FAULT, NO_COOKIE, writeFault(400, 'bad request: corrupted packet'))

class PacketReader implements StreamReader {
  private held: Buffer = Buffer.alloc(0)

  push(chunk: Buffer): Buffer[] | null {
    this.held = this.held.length === 0 ? chunk : Buffer.concat([this.held, chunk])
    const packets: Buffer[] = []
    for (;;) {
      const head = readHead(this.held)
      if (head === null) return packets
      if (typeof head === 'string' || head.bodyLength > LONGEST_BODY) return null
      const length = head.headLength + head.bodyLength
      if (this.held.length < length) return packets
      packets.push(this.held.subarray(0, length))
      this.held = this.held.subarray(length)
    }
  }
}

/** What is sent before a connection is closed because its bytes are no packets. */
export const farewell = corrupted
