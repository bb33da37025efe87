/** `ws://host:port/path` and `wss://`: one JSON text a message. */
import { WebSocket } from 'ws'
import { NoAnswer } from '../faults.ts'
import { type Link, type LinkEvents, LONGEST_REPLY, type OpenLink } from './link.ts'

export const openWebSocket: OpenLink = (endpoint, timeoutMs, signal, events) => {
  const { promise, resolve, reject } = Promise.withResolvers<Link>()
  const socket = new WebSocket(endpoint, {
    handshakeTimeout: timeoutMs,
    maxPayload: LONGEST_REPLY,
    perMessageDeflate: false,
  })
  const aborted = (): void => socket.terminate()
  signal?.addEventListener('abort', aborted, { once: true })
  const refused = (error: Error): void => {
    signal?.removeEventListener('abort', aborted)
    const late = error.message.includes('timed out')
    reject(
      new NoAnswer(
        late ? 'timeout' : 'unreachable',
        endpoint,
        late ? `no answer in ${timeoutMs} ms` : error.message,
      ),
    )
  }
  socket.on('error', refused)
  socket.once('open', () => {
    signal?.removeEventListener('abort', aborted)
    socket.off('error', refused)
    resolve(socketLink(socket, events))
  })
  return promise
}

function socketLink(socket: WebSocket, events: LinkEvents): Link {
  let failure: Error | null = null
  let closing = false
  const gone = Promise.withResolvers<void>()
  socket.on('message', data => events.onText((data as Buffer).toString('utf8')))
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
        socket.send(text, error => (error ? reject(error) : resolve()))
      }),
    close: () => {
      closing = true
      // Without waiting for the other side's close frame: it may be the reason why we leave.
      socket.terminate()
      return gone.promise
    },
  }
}
