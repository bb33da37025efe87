/**
 * Carrying one question to one server and its answers back, over UDP or TCP (RFC 1035 section 4.2).
 */
import { createSocket } from 'node:dgram'
import { connect } from 'node:net'
import type { NameServer } from './resolv-conf.ts'

/** null: refused, unreachable, closed. Called as often as packets come, until it is given up. */
export type Receive = (answer: Buffer | null) => void

export interface DnsTransport {
  /** Sends the question; the returned function gives it up. */
  udp(server: NameServer, question: Buffer, receive: Receive): () => void
  tcp(server: NameServer, question: Buffer, receive: Receive): () => void
}

/** The address is numeric: nobody needs to be asked for it. */
const numericLookup = (
  host: string,
  _options: unknown,
  done: (error: Error | null, address: string, family: number) => void,
): void => done(null, host, host.includes(':') ? 6 : 4)

/** Bytes; what is larger is not what was asked for, and only costs time to read. */
const LARGEST_DATAGRAM = 4096

/**
 * A socket for each question: its port is the kernel's choice, so that somebody who forges answers
 * has to guess port and id (RFC 5452 section 9.2); being connected it hears the server alone, and
 * hears at once when nobody listens there.
 */
export const systemTransport: DnsTransport = {
  udp(server, question, receive) {
    const socket = createSocket({
      type: server.ip.includes(':') ? 'udp6' : 'udp4',
      lookup: numericLookup as never,
    })
    let open = true
    const close = (): void => {
      if (!open) return
      open = false
      socket.close()
    }
    socket.on('error', () => open && receive(null))
    socket.on('message', answer => {
      if (open && answer.length <= LARGEST_DATAGRAM) receive(answer)
    })
    socket.once('connect', () => {
      if (open) socket.send(question)
    })
    socket.connect(server.port, server.ip)
    return close
  },

  tcp(server, question, receive) {
    const socket = connect({ host: server.ip, port: server.port, noDelay: true })
    let open = true
    let held: Buffer = Buffer.alloc(0)
    const over = (): void => {
      if (open) receive(null)
    }
    socket.on('error', over)
    socket.on('close', over)
    socket.on('data', (chunk: Buffer) => {
      held = Buffer.concat([held, chunk])
      while (open && held.length >= 2 && held.length >= 2 + held.readUInt16BE(0)) {
        const end = 2 + held.readUInt16BE(0)
        const answer = held.subarray(2, end)
        held = held.subarray(end)
        receive(answer)
      }
    })
    const head = Buffer.alloc(2)
    head.writeUInt16BE(question.length)
    socket.write(Buffer.concat([head, question]))
    return () => {
      open = false
      socket.destroy()
    }
  },
}
