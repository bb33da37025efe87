/**
 * syslog(3) of the C library: Node has no datagram Unix socket, and the library knows where the
 * daemon listens.
 */
import { createRequire } from 'node:module'

const LOG_PID = 1
const LOG_CONS = 2

const FACILITIES = [
  'KERN',
  'USER',
  'MAIL',
  'DAEMON',
  'AUTH',
  'SYSLOG',
  'LPR',
  'NEWS',
  'UUCP',
  'CRON',
  'AUTHPRIV',
  'FTP',
]

/** LOG_DAEMON, LOG_LOCAL0 ... as a number, -1 when there is no such facility. */
export function facilityNumber(name: string): number {
  const local = /^LOG_LOCAL([0-7])$/.exec(name)
  if (local !== null) return (16 + Number(local[1])) << 3
  const index = FACILITIES.indexOf(name.replace(/^LOG_/, ''))
  return index < 0 ? -1 : index << 3
}

export interface Syslog {
  write(priority: number, text: string): void
}

/** Opens the system log under `ident`; null where the C library cannot be reached. */
export function openSyslog(ident: string, facility: number): Syslog | null {
  try {
    const koffi = createRequire(import.meta.url)('koffi') as typeof import('koffi')
    const libc = koffi.load('libc.so.6')
    const open = libc.func('void openlog(const char *ident, int option, int facility)')
    const write = libc.func('void syslog(int priority, const char *format, const char *text)')
    // openlog keeps the pointer: the name must stay where it is for the life of the process.
    const name = Buffer.from(`${ident}\0`)
    kept.push(name)
    open(name, LOG_PID | LOG_CONS, facility)
    return { write: (priority, text) => write(priority, '%s', text) }
  } catch {
    return null
  }
}

const kept: Buffer[] = []
