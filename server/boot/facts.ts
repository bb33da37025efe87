/** What the node tells about itself over RPC beyond what the core knows: version, defines of the config, connections. */
import type { ConnectionFacts, NodeFacts } from '../core/rpc/facts.ts'
import type { TcpConnection, TcpTransport } from '../net/tcp.ts'
import { protoNameUpper } from '../sip/transport.ts'
import { platformText, version } from './version.ts'

export interface FactSources {
  readonly tcp: TcpTransport
  /** Preprocessor names of the config with their texts, in order. */
  readonly defines: ReadonlyMap<string, string | null>
  readonly lifetime: () => number
  readonly now: () => number
  readonly state: () => 'starting' | 'running' | 'stopping'
}

export function nodeFacts(sources: FactSources): NodeFacts {
  const { tcp, defines, lifetime, now } = sources
  return {
    version,
    platform: platformText,
    defines: () => [...defines],
    connections: () => tcp.connections().map(c => connection(c, lifetime(), now())),
    queuedBytes: () => tcp.queuedBytes,
    state: sources.state,
  }
}

/** As Kamailio's core.tcp_list says it. */
function stateOf(c: TcpConnection): string {
  if (c.state === 'connecting') return 'CONN_CONNECT'
  if (c.state === 'closed') return 'CONN_EOF'
  return c.passive && c.socket.bytesRead === 0 ? 'CONN_ACCEPT' : 'CONN_OK'
}

function connection(c: TcpConnection, lifetime: number, now: number): ConnectionFacts {
  return {
    id: c.id,
    type: protoNameUpper(c.info.proto),
    state: stateOf(c),
    timeout: Math.max(0, Math.round(lifetime - (now - c.lastUsed) / 1000)),
    remoteIp: c.remoteIp,
    remotePort: c.remotePort,
    localIp: c.info.address,
    localPort: c.info.port,
  }
}
