/** Datagrams that the kernel does not take: who sent them must hear of it, to go on elsewhere. */
import { getSystemErrorMessage } from 'node:util'
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
  const towards = `${ip.includes(':') ? `[${ip}]` : ip}:${port}`
  const reason = getSystemErrorMessage(-code)
  events.onError(info, new Error(`sending to ${towards} failed: ${reason}`))
  events.onRefused?.(info, ip, port, quoted)
}
