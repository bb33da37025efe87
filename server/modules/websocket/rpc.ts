/** ws.dump, ws.close, ws.ping, ws.pong, ws.enable, ws.disable. */
import type { ws } from '../../../rpc/contract/ws.ts'
import { Fault } from '../../../rpc/faults.ts'
import type { Handlers } from '../../core/module/index.ts'
import { inBrackets } from '../../lib/ip.ts'
import { protoName } from '../../sip/transport.ts'
import type { WebSockets } from './websocket.ts'

/** Connections that one reply lists. */
const MOST_LISTED = 50

const RESTS: Record<string, 1 | -1 | 0> = { id_hash: 0, used_desc: -1, used_asc: 1 }

function rows(self: WebSockets, order: 1 | -1 | 0): [string, string][] {
  const open = [...self.open.values()].toSorted(
    (a, b) => order * (a.connection.lastUsed - b.connection.lastUsed),
  )
  return open.slice(0, MOST_LISTED).map(({ connection, closing }) => {
    const { id, info, remoteIp, remotePort, passive, lastUsed } = connection
    const proto = protoName(info.proto)
    const peer = `${proto}:${inBrackets(remoteIp)}:${remotePort}`
    const own = `${proto}:${info.host}:${info.port}`
    const way = passive ? `${peer} -> ${own}` : `${own} -> ${peer}`
    const rest = Math.max(0, Math.round((self.core.clock.now() - lastUsed) / 1000))
    const state = closing ? 'CLOSING' : 'OPEN'
    return [String(id), `${way} (state: ${state},  last used ${rest}s ago, sub-protocol: sip)`]
  })
}

function known(found: boolean): void {
  if (!found) throw new Fault(500, 'Unknown connection ID')
}

export const handlers: Handlers<WebSockets, typeof ws> = {
  'ws.dump': (self, order) => {
    const direction = RESTS[order ?? 'id_hash']
    if (direction === undefined) throw new Fault(400, 'Bad display order parameter')
    return {
      connections: rows(self, direction),
      info: {
        wscounter: self.open.size,
        truncated: self.open.size > MOST_LISTED ? 'yes' : 'no',
      },
    }
  },
  'ws.close': (self, id) => known(self.close(id, 1000, 'Normal closure')),
  'ws.ping': (self, id) => known(self.ping(id)),
  'ws.pong': (self, id) => known(self.pong(id)),
  'ws.enable': self => {
    self.enabled = true
    self.core.log.warn('websocket', 'enabling websockets')
  },
  'ws.disable': self => {
    self.enabled = false
    self.core.log.warn('websocket', 'disabling websockets - new connections will be dropped')
  },
}
