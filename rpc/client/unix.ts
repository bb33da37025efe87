/** `unix:/run/kamailio/ohana_rpc.sock`: one JSON text a line over a stream socket. */
import { connect } from 'node:net'
import { NoAnswer } from '../faults.ts'
import { LineSplitter } from '../wire/lines.ts'
import { type Link, type LinkEvents, LONGEST_REPLY, type OpenLink } from './link.ts'

export const openUnix: OpenLink = (endpoint, timeoutMs, signal, events) => {
  const path = endpoint.replace(/^unix:(\/\/)?/, '')
  const { promise, resolve, reject } = Promise.withResolvers<Link>()
  const socket = connect({ path })
  const giveUp = (why: string, reason: 'unreachable' | 'timeout'): void => {
    socket.destroy()
    reject(new NoAnswer(reason, endpoint, why))
  }
  const aborted = (): void => giveUp('given up', 'unreachable')
  signal?.addEventListener('abort', aborted, { once: true })
  const timer = setTimeout(() => giveUp(`no answer in ${timeoutMs} ms`, 'timeout'), timeoutMs)
  const refused = (error: Error): void => giveUp(error.message, 'unreachable')
  socket.once('error', refused)
  socket.once('connect', () => {
    clearTimeout(timer)
    signal?.removeEventListener('abort', aborted)
    socket.off('error', refused)
    resolve(socketLink(socket, events))
  })
  socket.once('close', () => {
    clearTimeout(timer)
    signal?.removeEventListener('abort', aborted)
  })
  return promise
}

function socketLink(socket: ReturnType<typeof connect>, events: LinkEvents): Link {
  const lines = new LineSplitter(LONGEST_REPLY)
  let failure: Error | null = null
  let closing = false
  const gone = Promise.withResolvers<void>()
  socket.on('data', (chunk: Buffer) => {
    const complete = lines.push(chunk)
    if (complete === null) socket.destroy(new Error('reply too long'))
    else for (const line of complete) events.onText(line)
  })
  socket.on('error', error => {
    failure = error
  })
  socket.on('close', () => {
    events.onClose(closing ? null : (failure ?? new Error('the node closed the connection')))
    gone.resolve()
  })
  return {
    duplex: true,
    kamailio: false,
    send: text =>
      new Promise((resolve, reject) => {
        socket.write(`${text}\n`, error => (error ? reject(error) : resolve()))
      }),
    close: () => {
      closing = true
      socket.destroy()
      return gone.promise
    },
  }
}
