/** Where log lines go: stderr in Kamailio's line format, or syslog. */
import { writeSync } from 'node:fs'
import {
  L_ALERT,
  L_BUG,
  L_CRIT,
  L_DBG,
  L_ERR,
  L_INFO,
  L_NOTICE,
  L_WARN,
  levelName,
  type LogLine,
  type LogSink,
} from '../core/log.ts'
import { facilityNumber, openSyslog } from '../lib/syslog.ts'

/** Syslog priorities (RFC 5424 section 6.2.1) by Kamailio level. */
const PRIORITIES = new Map<number, number>([
  [L_ALERT, 1],
  [L_BUG, 2],
  [L_CRIT, 2],
  [L_ERR, 3],
  [L_WARN, 4],
  [L_NOTICE, 5],
  [L_INFO, 6],
  [L_DBG, 7],
])

const COLORS = new Map<number, string>([
  [L_ALERT, '\x1b[41m'],
  [L_BUG, '\x1b[41m'],
  [L_CRIT, '\x1b[35m'],
  [L_ERR, '\x1b[31m'],
  [L_WARN, '\x1b[33m'],
  [L_NOTICE, '\x1b[32m'],
  [L_INFO, '\x1b[36m'],
  [L_DBG, ''],
])

/** `LEVEL: {prefix}source: text`: what stands behind the process number. */
function bodyOf({ level, prefix, source, text }: LogLine): string {
  return `${levelName(level)}: ${prefix}${source === '<script>' ? text : `${source}: ${text}`}`
}

/** ` 0(22911) NOTICE: {1 1 INVITE x} acc: ACC: ...` */
export const stderrText = (line: LogLine): string => ` 0(${process.pid}) ${bodyOf(line)}`

export function stderrSink(
  color: boolean,
  colors: ReadonlyMap<number, string> = new Map(),
): LogSink {
  return line => {
    const text = stderrText(line)
    const ended = text.endsWith('\n') ? text : `${text}\n`
    const start = color ? (colors.get(line.level) ?? COLORS.get(line.level) ?? '') : ''
    writeAll(start === '' ? ended : `${start}${ended.slice(0, -1)}\x1b[0m\n`)
  }
}

/**
 * Synchronous, so that the last line before an exit is never lost. A full or closed pipe loses
 * lines, not the node: there is nobody left to tell.
 */
function writeAll(text: string): void {
  try {
    writeSync(2, Buffer.from(text, 'latin1'))
  } catch (error) {
    if (!['EAGAIN', 'EPIPE', 'EIO'].includes((error as NodeJS.ErrnoException).code ?? ''))
      throw error
  }
}

/** Lines for the system log; stderr where there is none. */
export function syslogSink(ident: string, facility: string, color: boolean): LogSink {
  const syslog = openSyslog(ident, Math.max(0, facilityNumber(facility)))
  if (syslog === null) return stderrSink(color)
  return line => {
    const own = line.facility === '' ? 0 : Math.max(0, facilityNumber(line.facility))
    syslog.write(own | (PRIORITIES.get(line.level) ?? 6), bodyOf(line))
  }
}
