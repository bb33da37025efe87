/** corex.* and shm.*: sockets, aliases, the log level and memory. */
import { Fault } from '../../../rpc/faults.ts'
import { type MemoryFacts, memoryFacts } from '../../core/rpc/memory.ts'
import { protoName, type SocketInfo } from '../../sip/transport.ts'
import type { Corex } from './corex.ts'

const isAdvertised = (socket: SocketInfo): boolean =>
  socket.advertisedHost !== socket.host || socket.advertisedPort !== socket.port

const socketRow = (socket: SocketInfo) => ({
  PROTO: protoName(socket.proto),
  NAME: socket.givenHost,
  ADDRLIST: { ADDR: socket.address },
  PORT: String(socket.port),
  MCAST: 'no',
  MHOMED: 'no',
  VIRTUAL: socket.virtual ? 'yes' : 'no',
  SOCKNAME: socket.name === '' ? '-' : socket.name,
  ADVERTISE: isAdvertised(socket) ? socket.advertisedHost : '-',
})

export const listSockets = (self: Corex): ReturnType<typeof socketRow>[] =>
  self.core.sockets.list.map(socketRow)

export const listAliases = (self: Corex): { PROTO: string; ADDR: string; PORT: number }[] =>
  self.core.sockets.aliases.map(alias => ({
    PROTO: alias.proto === 0 ? '*' : protoName(alias.proto),
    ADDR: alias.host,
    PORT: alias.port,
  }))

export function debug(
  self: Corex,
  level?: number,
): { debug: number } | { old: number; new: number } {
  const old = self.core.params.debug
  if (level === undefined) return { debug: old }
  if (self.core.cfg.set('core', 'debug', level) !== null) throw new Fault(500, 'Operation failed')
  return { old, new: level }
}

const lines = (memory: MemoryFacts): string[] => [
  `heap size= ${memory.total}`,
  `used= ${memory.used}, real used= ${memory.realUsed}, free= ${memory.free}`,
  `max used= ${memory.maxUsed}`,
]

function logMemory(self: Corex, what: string): void {
  const { log, params } = self.core
  for (const line of lines(memoryFacts())) log.write(params.memlog, 'corex', `${what}: ${line}`)
}

export const memoryStatus = (self: Corex): void => logMemory(self, 'shm_status')
export const memorySummary = (self: Corex): void => logMemory(self, 'shm_summary')

/** There is one process: number 0, and only its own pid is anybody's. */
export function packageSummary(self: Corex, selector: string, value: number): void {
  // Kamailio looks at the length first.
  if (selector.length !== 3) throw new Fault(500, 'Unsupported selector')
  if (selector !== 'idx' && selector !== 'pid') throw new Fault(500, 'Unsupported selector type')
  if (selector === 'idx' && value !== 0) throw new Fault(500, 'Index value out of range')
  if (selector === 'idx' || value === process.pid) logMemory(self, 'pkg_summary')
}

export const memoryInfo = (): { name: string; size: number } => ({
  name: 'v8',
  size: memoryFacts().total,
})

export function memoryStats(): {
  total: number
  free: number
  used: number
  real_used: number
  max_used: number
  fragments: number
} {
  const memory = memoryFacts()
  return {
    total: memory.total,
    free: memory.free,
    used: memory.used,
    real_used: memory.realUsed,
    max_used: memory.maxUsed,
    fragments: memory.fragments,
  }
}

/** The runtime moves what it keeps: there are no fragments that somebody could be named for. */
const noFragment = <P extends string>(prefix: P) =>
  ({
    [`${prefix}_size`]: 0,
    [`${prefix}_file`]: '',
    [`${prefix}_func`]: '',
    [`${prefix}_mname`]: '',
    [`${prefix}_line`]: 0,
  }) as Record<`${P}_${'size' | 'line'}`, number> &
    Record<`${P}_${'file' | 'func' | 'mname'}`, string>

export function memoryReport() {
  const memory = memoryFacts()
  return {
    total_size: memory.total,
    free_size_s: memory.free,
    used_size_s: memory.used,
    real_used_s: memory.realUsed,
    max_used_s: memory.maxUsed,
    free_frags: 0,
    used_frags: memory.fragments,
    total_frags: memory.fragments,
    ...noFragment('max_free_frag'),
    ...noFragment('max_used_frag'),
    ...noFragment('min_free_frag'),
    ...noFragment('min_used_frag'),
  }
}
