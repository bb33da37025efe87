/**
 * What the node tells about itself over RPC beyond what the core knows: version, defines of the
 * config, connections.
 */
import type { Counters } from '../core/counters.ts'
import type { ConnectionFacts, NodeFacts } from '../core/rpc/facts.ts'
import type { Connection } from '../net/connection.ts'
import type { TcpCounts } from '../net/tcp-counts.ts'
import type { TcpTransport } from '../net/tcp.ts'
import { protoNameUpper } from '../sip/transport.ts'
import { platformText, version } from './version.ts'

export interface FactSources {
  readonly tcp: TcpTransport
  /** Preprocessor names of the config with their texts, in order. */
  readonly defines: () => ReadonlyMap<string, string>
  readonly lifetime: () => number
  readonly now: () => number
  readonly state: () => 'starting' | 'running' | 'stopping'
}

export function nodeFacts(sources: FactSources): NodeFacts {
  const { tcp, defines, lifetime, now } = sources
  return {
    version,
    platform: platformText,
    defines: () => [...defines()].map(([name, text]) => [name, text === '' ? null : text]),
    connections: () => tcp.connections().map(c => connection(c, lifetime(), now())),
    queuedBytes: () => tcp.queuedBytes,
    state: sources.state,
  }
}

/** As Kamailio's core.tcp_list says it. */
function stateOf(c: Connection): string {
  if (c.state === 'closed') return 'CONN_EOF'
  if (!c.passive && c.state !== 'established') return 'CONN_CONNECT'
  return c.passive && c.socket.bytesRead === 0 ? 'CONN_ACCEPT' : 'CONN_OK'
}

function connection(c: Connection, usual: number, now: number): ConnectionFacts {
  const lifetime = c.lifetime < 0 ? usual : c.lifetime
  return {
    id: c.id,
    type: protoNameUpper(c.info.proto),
    state: stateOf(c),
    timeout: Math.max(0, Math.round(lifetime - (now - c.lastUsed) / 1000)),
    lifetime,
    remoteIp: c.remoteIp,
    remotePort: c.remotePort,
    localIp: c.info.address,
    localPort: c.localPort,
  }
}

/** Statistics of the group `tcp`, described as Kamailio describes them. */
const TCP_STATISTICS: Record<keyof TcpCounts, string> = {
  con_reset: 'total number of TCP_RSTs received on established connections.',
  con_timeout: 'total number of connections that did timeout (idle for too long).',
  connect_failed: 'number of failed active connection attempts.',
  connect_success:
    'total number of successfully active opened connections (successful connect()s).',
  established: 'incremented each time a tcp connection is established.',
  local_reject: 'number of rejected incoming connections.',
  passive_open: 'total number of accepted connections (so far).',
  send_timeout:
    'number of send attempts that failed due to a timeout(note: works only in tcp async mode).',
  sendq_full:
    'number of send attempts that failed because of exceeded buffering' +
    'capacity (send queue full, works only in tcp async mode).',
}

export function addTcpStatistics(counters: Counters, tcp: TcpTransport): void {
  for (const [name, doc] of Object.entries(TCP_STATISTICS)) {
    counters.register('tcp', name, doc, () => tcp.counts[name as keyof TcpCounts])
  }
  counters.register(
    'tcp',
    'current_opened_connections',
    'number of currently opened connections.',
    () => tcp.connections().length,
  )
  counters.register(
    'tcp',
    'current_write_queue_size',
    'current sum of all the connections write queue sizes.',
    () => tcp.queuedBytes,
  )
}
