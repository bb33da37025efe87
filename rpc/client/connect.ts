/** One entry for all transports. */
import { NoAnswer } from '../faults.ts'
import type { Client, ConnectOptions } from './client.ts'
import type { OpenLink } from './link.ts'
import { Session } from './session.ts'

const DEFAULT_TIMEOUT_MS = 2000

/**
 * A client of the node at `unix:/run/kamailio/ohana_rpc.sock` (or just the path),
 * `ws://host:port/rpc` or `http://host:port/RPC`. Rejects with NoAnswer when it cannot be reached
 * in time.
 */
export async function connect(endpoint: string, options: ConnectOptions = {}): Promise<Client> {
  const timeoutMs = options.timeoutMs ?? DEFAULT_TIMEOUT_MS
  const open = await opener(endpoint)
  const session = new Session(endpoint, timeoutMs)
  return session.use(await open(endpoint, timeoutMs, options.signal, session))
}

/** Transports are loaded when one is asked for: a command line should not pay for all of them. */
async function opener(endpoint: string): Promise<OpenLink> {
  if (endpoint.startsWith('unix:') || endpoint.startsWith('/')) {
    return (await import('./unix.ts')).openUnix
  }
  if (/^wss?:\/\//.test(endpoint)) return (await import('./websocket.ts')).openWebSocket
  if (/^https?:\/\//.test(endpoint)) return (await import('./http.ts')).openHttp
  throw new NoAnswer(
    'unreachable',
    endpoint,
    `unknown kind of endpoint: ${endpoint} (unix:/path, ws://host:port or http://host:port/path)`,
  )
}
