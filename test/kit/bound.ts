// Waits for a port of another program without a packet of ours: some listen for one peer only.
import { readFileSync } from 'node:fs'
import { PATIENCE_MS } from './patience.ts'

const pause = (milliseconds: number): Promise<void> =>
  new Promise(later => setTimeout(later, milliseconds))

/** A port of this machine is open: a UDP socket is bound to it, or a TCP one listens (state 0A). */
function isBound(transport: 'udp' | 'tcp', port: number): boolean {
  const wanted = `:${port.toString(16).toUpperCase().padStart(4, '0')}`
  return [transport, `${transport}6`].some(name => {
    const rows = readFileSync(`/proc/net/${name}`, 'latin1').split('\n').slice(1)
    return rows.some(row => {
      const [, local = '', , state] = row.trim().split(/ +/)
      return local.endsWith(wanted) && (transport === 'udp' || state === '0A')
    })
  })
}

/** Gives up when the program has ended, or is too late: what comes next says why. */
export async function untilBound(
  transport: 'udp' | 'tcp',
  port: number,
  hasEnded: () => boolean,
): Promise<void> {
  const until = Date.now() + PATIENCE_MS
  while (Date.now() < until && !hasEnded() && !isBound(transport, port)) await pause(10)
}
