/** Where log lines go and what they look like: stderr in Kamailio's format, JSON, or syslog. */
import { writeSync } from 'node:fs'
import { hostname } from 'node:os'
import type { Core } from '../core/core.ts'
import {
  L_ALERT,
  L_BUG,
  L_CRIT,
  L_DBG,
  L_ERR,
  L_INFO,
  L_NOTICE,
  L_WARN,
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

const color = (bright: 0 | 1, code: number): string => `\x1b[${bright};${code};49m`
const USUAL = color(0, 39)

const COLORS = new Map<number, string>([
  [L_ALERT, color(1, 31)],
  [L_BUG, color(1, 35)],
  [L_CRIT, color(0, 33)],
  [L_ERR, color(0, 31)],
  [L_WARN, color(0, 35)],
  [L_NOTICE, color(0, 32)],
  [L_INFO, color(0, 36)],
])

/** `LEVEL: {prefix}source: text`: what stands behind the process number. */
function bodyOf({ name, prefix, source, text }: LogLine): string {
  return `${name}: ${prefix}${source === '<script>' ? text : `${source}: ${text}`}`
}

const ended = (text: string): string => (text.endsWith('\n') ? text : `${text}\n`)

/** ` 0(22911) NOTICE: {1 1 INVITE x} acc: ACC: ...` and its line end. */
export const plainLine = (line: LogLine): string => ended(` 0(${process.pid}) ${bodyOf(line)}`)

/** The same in the colour of its level; the usual one comes back behind the line end. */
const coloredLine =
  (colors: ReadonlyMap<number, string>) =>
  (line: LogLine): string => {
    const { level } = line
    return `${colors.get(level) ?? COLORS.get(level) ?? USUAL}${plainLine(line)}${USUAL}`
  }

/**
 * --log-engine=json:LETTERS as Kamailio prints it: a (names begin with "kamailio."), c (the
 * Call-ID), j (texts as objects), M (no line end in the message), N (none behind the object), p (no
 * empty prefix), U (the names of the Common Event Expression).
 */
export function jsonLine(letters: string): (line: LogLine) => string {
  const has = (letter: string): boolean => letters.includes(letter)
  const end = has('N') ? '' : '\n'
  if (has('U')) return line => ceeObject(line, has('M')) + end
  const name = (plain: string): string => JSON.stringify(has('a') ? `kamailio.${plain}` : plain)
  const text = (value: string): string =>
    has('j') ? `{ "text": ${JSON.stringify(value)} }` : JSON.stringify(value)
  return line => {
    const fields = [
      [name('idx'), '0'],
      [name('pid'), String(process.pid)],
      [name('level'), JSON.stringify(line.name)],
      [name('module'), JSON.stringify(moduleOf(line))],
      [name('file'), '""'],
      [name('line'), '0'],
      [name('function'), '""'],
    ]
    if (has('c')) fields.push([name('callid'), JSON.stringify(line.callId)])
    if (line.prefix !== '' || !has('p')) fields.push([name('logprefix'), text(line.prefix)])
    fields.push([name('message'), text(said(line, has('M')))])
    return `{ ${fields.map(field => field.join(': ')).join(', ')} }${end}`
  }
}

/** Lines of the script come from xlog, and its own prefix is no part of the message. */
const moduleOf = ({ source }: LogLine): string =>
  source === '<core>' ? 'core' : source === '<script>' ? 'xlog' : source

function said({ text, lead }: LogLine, bare: boolean): string {
  const own = text.slice(lead)
  if (bare) return own.endsWith('\n') ? own.slice(0, -1) : own
  return ended(own)
}

function ceeObject(line: LogLine, bare: boolean): string {
  return JSON.stringify({
    time: new Date(line.time).toISOString(),
    proc: { id: String(process.pid), tid: process.pid },
    pri: line.name,
    subsys: moduleOf(line),
    file: { name: '', line: 0 },
    native: { function: '' },
    msg: said(line, bare),
    pname: 'kamailio',
    appname: 'kamailio',
    hostname: hostname(),
  })
}

/** The sink that the command line and the config ask for. */
export function logSink(core: Core): LogSink {
  const { options, params, log } = core
  const ident = params.log_name === '' ? 'ohana' : params.log_name
  const show = printer(core)
  if (options.logToStderr || params.log_stderror !== 0) return line => writeAll(show(line))
  const body = (options.logEngine ?? '') === '' ? bodyOf : show
  const sink = syslogSink(ident, () => params.log_facility, body)
  if (sink !== null) return sink
  log.warn('<core>', 'the system log cannot be reached: the log goes to stderr')
  return line => writeAll(show(line))
}

/** How a line is written to stderr. */
export function printer({ options, params, log }: Core): (line: LogLine) => string {
  const { logEngine = '' } = options
  if (logEngine !== '') return jsonLine(logEngine.slice('json:'.length))
  return options.logColor || params.log_color !== 0 ? coloredLine(log.colors) : plainLine
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

/** Lines for the system log; null where there is none. `facility` may change at any time. */
function syslogSink(
  ident: string,
  facility: () => string,
  body: (line: LogLine) => string,
): LogSink | null {
  const syslog = openSyslog(ident, Math.max(0, facilityNumber(facility())))
  if (syslog === null) return null
  return line => {
    const to = Math.max(0, facilityNumber(line.facility === '' ? facility() : line.facility))
    syslog.write(to | priorityOf(line.level), body(line))
  }
}

/** Levels beyond the known ones are as the nearest. */
function priorityOf(level: number): number {
  const known = PRIORITIES.get(level)
  if (known !== undefined) return known
  return level > L_DBG ? 7 : level < L_ALERT ? 1 : 2
}
