/** Datagrams that the kernel does not take: who sent them must hear of it, to go on elsewhere. */
import { getSystemErrorMessage } from 'node:util'
import { inBrackets } from '../lib/ip.ts'
import type { SocketInfo } from '../sip/transport.ts'
import type { UdpEvents } from './udp.ts'

export interface Refused {
  /** The system's error, as errno has it. */
  readonly code: number
  readonly ip: string
  readonly port: number
  /** How the datagram begins. */
  readonly quoted: string
}

export function tellRefused(events: UdpEvents, info: SocketInfo, refused: Refused): void {
  const { code, ip, port, quoted } = refused
  const reason = getSystemErrorMessage(-code)
  events.onError(info, new Error(`sending to ${inBrackets(ip)}:${port} failed: ${reason}`))
  events.onRefused?.(info, ip, port, quoted)
}
