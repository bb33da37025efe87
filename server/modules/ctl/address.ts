/** Where ctl listens, as modparam("ctl", "binrpc" | "fifo", "...") writes it. */
import { isIP } from 'node:net'
import { BadValue } from '../../core/module/index.ts'

export type Transport = 'unix_stream' | 'unix_dgram' | 'tcp' | 'udp' | 'fifo'

export interface CtlAddress {
  readonly transport: Transport
  /** A path, or an IP address or host name; '' is any address. */
  readonly address: string
  /** 0 with a path. */
  readonly port: number
}

/** kamcmd's and ctl's own. */
const DEFAULT_PORT = 2049

const PREFIXES: Record<string, Transport> = {
  unix: 'unix_stream',
  unixs: 'unix_stream',
  unixd: 'unix_dgram',
  tcp: 'tcp',
  udp: 'udp',
  fifo: 'fifo',
}

/**
 * `[protocol:]path` or `[protocol:]host[:port]`; without a protocol a path is a stream socket and a
 * host is UDP.
 */
export function ctlAddress(value: string | number): CtlAddress {
  const text = String(value)
  const [, prefix = '', rest = ''] = /^(?:([a-z]+):(?!:))?(.*)$/s.exec(text) ?? []
  const known = PREFIXES[prefix]
  // `localhost:2049` has no protocol: what looks like one is the host.
  const address = known === undefined ? text : rest
  const transport = known ?? (text.startsWith('/') || text.startsWith('./') ? 'unix_stream' : 'udp')
  if (address === '') throw new BadValue(`ctl cannot listen on "${text}"`, 'write unix:/path')
  if (transport === 'tcp' || transport === 'udp') return network(transport, address, text)
  return { transport, address, port: 0 }
}

/** The text protocol is meant for FIFOs: a path alone is one. */
export function fifoAddress(value: string | number): CtlAddress {
  const text = String(value)
  return text.startsWith('/') ? { transport: 'fifo', address: text, port: 0 } : ctlAddress(text)
}

function network(transport: 'tcp' | 'udp', address: string, text: string): CtlAddress {
  const [, bracketed, plain = '', port] = /^(?:\[(.*)\]|([^[\]]*?))(?::(\d+))?$/.exec(address) ?? []
  const host = bracketed ?? plain
  const number = port === undefined ? DEFAULT_PORT : Number(port)
  if (number < 1 || number > 65535 || (bracketed !== undefined && isIP(host) !== 6)) {
    throw new BadValue(`ctl cannot listen on "${text}"`, 'write tcp:host:port or udp:host:port')
  }
  return { transport, address: host === '*' ? '' : host, port: number }
}
