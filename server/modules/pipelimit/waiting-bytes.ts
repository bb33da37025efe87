/** How much our UDP sockets have received that nobody has read yet. */
import { readFileSync } from 'node:fs'

/** Of a line of /proc/net/udp: the local port and the bytes that wait, in hexadecimal. */
const LINE = /^\s*\d+: [\dA-F]+:([\dA-F]{4}) [\dA-F]+:[\dA-F]{4} \S+ [\dA-F]{8}:([\dA-F]{8})/

export function waitingBytes(
  ports: ReadonlySet<number>,
  read: (path: string) => string = path => readFileSync(path, 'latin1'),
): number {
  let sum = 0
  for (const path of ['/proc/net/udp', '/proc/net/udp6']) {
    for (const line of textOf(read, path).split('\n')) {
      const found = LINE.exec(line)
      if (found !== null && ports.has(Number.parseInt(found[1]!, 16)))
        sum += Number.parseInt(found[2]!, 16)
    }
  }
  return sum
}

/** A system without these files has no bytes that wait. */
function textOf(read: (path: string) => string, path: string): string {
  try {
    return read(path)
  } catch {
    return ''
  }
}
