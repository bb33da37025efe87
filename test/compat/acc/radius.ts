// Facts about accounting over RADIUS: the attributes of each packet, by name.
import { createHash } from 'node:crypto'
import { createSocket, type Socket } from 'node:dgram'
import { once } from 'node:events'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import {
  type AttributeName,
  decodeValue,
  Dictionary,
  encodeValue,
} from '../../../server/lib/radius/dictionary.ts'
import { type Packet, readPacket } from '../../../server/lib/radius/packet.ts'
import { type Call, FOLDER } from './facts.ts'

export interface RadiusCall extends Call {
  /** `Name=value` of each attribute, packet by packet. */
  packets: string[][]
}

export interface RadiusFacts {
  origin: string
  calls: RadiusCall[]
}

export const SECRET = 'testing123'
export const DICTIONARY = join(FOLDER, 'dictionary')

export function dictionary(): Dictionary {
  const made = new Dictionary()
  made.load(DICTIONARY, path => readFileSync(path, 'utf8'))
  return made
}

const names = dictionary()

/** Times and tags of our own differ from run to run. */
export function attributesOf(packet: Packet): string[] {
  return packet.attributes.map(attribute => {
    const name: AttributeName | null = names.nameOf(attribute)
    if (name === null)
      return `${attribute.vendor} ${attribute.type}=${attribute.value.toString('hex')}`
    let value = String(decodeValue(name, attribute))
    if (name.name === 'Event-Timestamp' && /^\d{10}$/.test(value)) value = 'SECONDS'
    if (name.name === 'Sip-To-Tag' && !/^(tt|ft|zz|$)/.test(value)) value = 'OWN'
    return `${name.name}=${value}`
  })
}

/** A server that takes every record and answers as it is told. */
export class FakeRadius {
  readonly packets: string[][] = []
  /** Identifiers as they came, repetitions included. */
  readonly ids: number[] = []
  /** Requests with their attributes, also those that are not answered. */
  readonly heard: string[][] = []
  /** Nothing is answered. */
  silent = false
  /** Nothing more is answered after so many. */
  most = Number.POSITIVE_INFINITY
  secret = SECRET
  /** The code and the attributes (`Name=value`) of its answers. */
  code = 5
  attributes: readonly string[] = []
  private readonly socket: Socket

  private constructor(socket: Socket) {
    this.socket = socket
    socket.on('message', (bytes, from) => {
      this.ids.push(bytes[1]!)
      const attributes = attributesOf(readPacket(bytes)!)
      this.heard.push(attributes)
      if (this.silent || this.packets.length >= this.most) return
      this.packets.push(attributes)
      socket.send(answer(bytes, this), from.port, from.address)
    })
  }

  static async open(): Promise<FakeRadius> {
    const socket = createSocket('udp4')
    socket.bind(0, '127.0.0.1')
    await once(socket, 'listening')
    return new FakeRadius(socket)
  }

  get place(): string {
    return `127.0.0.1:${this.socket.address().port}`
  }

  /** The text of a radiusclient.conf that names these servers; the secrets go into the folder. */
  config(folder: string, ...others: FakeRadius[]): string {
    writeFileSync(join(folder, 'servers'), `127.0.0.1 ${SECRET}\n`)
    const lines = [this, ...others].flatMap(({ place }) => [
      `authserver ${place}`,
      `acctserver ${place}`,
    ])
    lines.push(`servers ${join(folder, 'servers')}`, `dictionary ${DICTIONARY}`, 'default_realm')
    return `${[...lines, 'radius_timeout 2', 'radius_retries 2', 'bindaddr *'].join('\n')}\n`
  }

  close(): void {
    this.socket.close()
  }
}

function answer(request: Buffer, { secret, code, attributes }: FakeRadius): Buffer {
  const parts = attributes.map(text => {
    const at = text.indexOf('=')
    const { type, value } = encodeValue(names.attribute(text.slice(0, at))!, text.slice(at + 1))!
    return Buffer.concat([Buffer.from([type, value.length + 2]), value])
  })
  const reply = Buffer.concat([Buffer.alloc(20), ...parts])
  reply[0] = code
  reply[1] = request[1]!
  reply.writeUInt16BE(reply.length, 2)
  const hash = createHash('md5').update(reply.subarray(0, 4)).update(request.subarray(4, 20))
  hash.update(reply.subarray(20)).update(secret).digest().copy(reply, 4)
  return reply
}
