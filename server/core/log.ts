/**
 * Kamailio's log: levels, line format and prefix to the letter, because operators grep for them. A
 * line goes to syslog or stderr and into a bounded memory that `ohana.log.tail` and subscribers
 * read.
 */
import type { SipMessage } from '../sip/message.ts'
import { EmittedPlaces } from './emitted-places.ts'

export const L_ALERT = -5
export const L_BUG = -4
export const L_CRIT = -3
export const L_ERR = -1
export const L_WARN = 0
export const L_NOTICE = 1
export const L_INFO = 2
export const L_DBG = 3

const NAMES = new Map<number, string>([
  [L_ALERT, 'ALERT'],
  [L_BUG, 'BUG'],
  [L_CRIT, 'CRITICAL'],
  // A second level of its kind that Kamailio gives no name.
  [-2, ''],
  [L_ERR, 'ERROR'],
  [L_WARN, 'WARNING'],
  [L_NOTICE, 'NOTICE'],
  [L_INFO, 'INFO'],
  [L_DBG, 'DEBUG'],
])

export const levelName = (level: number): string =>
  NAMES.get(level) ?? (level > L_DBG ? 'DEBUG' : 'ALERT')

/** One line as consoles and `kamctl log -f` get it. */
export interface LogLine {
  /** Grows by one per line of this node. */
  readonly seq: number
  /** Milliseconds since 1970. */
  readonly time: number
  readonly level: number
  /** ERROR, WARNING ... */
  readonly name: string
  /** Module name, `<core>` or `<script>`. */
  readonly source: string
  /** log_prefix as it was for the message being processed. */
  readonly prefix: string
  readonly text: string
  /** LOG_LOCAL0 ... when it is not to go where all lines go, else ''. */
  readonly facility: string
  /** Of a line of the script: as many characters of the text are its own prefix. */
  readonly lead: number
  /** Call-ID of the message being processed, '' between messages. */
  readonly callId: string
}

/** What lines say of the message that is being processed. */
export interface LogContext {
  prefix(): string
  callId(): string
  /** A message has been read and is about to be routed; null: it has been dealt with. */
  begin(msg: SipMessage | null): void
}

/** What modules have of their own (debugger); undefined: the usual. */
export interface ModuleLogging {
  level(source: string): number | undefined
  facility(source: string): string | undefined
}

/** Where finished lines go. */
export type LogSink = (line: LogLine) => void

const KEPT_LINES = 2000

export class Log {
  /** Lines above this level are not written (core parameter `debug`). */
  threshold = L_WARN
  /** null until somebody wants to know. */
  context: LogContext | null = null
  /** Levels and facilities of single modules; null: they have none of their own. */
  modules: ModuleLogging | null = null
  /** Terminal codes by level that differ from the usual ones (log_colors of xlog). */
  readonly colors = new Map<number, string>()
  /** For what is written about the routing script. */
  readonly emitted = new EmittedPlaces()
  private readonly now: () => number
  private readonly sinks = new Set<LogSink>()
  private readonly kept: LogLine[] = []
  private seq = 0

  constructor(now: () => number) {
    this.now = now
  }

  addSink(sink: LogSink): () => void {
    this.sinks.add(sink)
    return () => this.sinks.delete(sink)
  }

  /** Cheap test for callers whose text costs something. */
  enabled(level: number): boolean {
    return level <= this.threshold || this.modules !== null
  }

  /** `name`: what the line has in place of the level's own name. */
  write(
    level: number,
    source: string,
    text: string,
    facility = '',
    lead = 0,
    name = levelName(level),
  ): void {
    const { context, modules } = this
    if (level > (modules?.level(source) ?? this.threshold)) return
    const line: LogLine = {
      seq: ++this.seq,
      time: this.now(),
      level,
      name: name === '' ? levelName(level) : name,
      source,
      prefix: context === null ? '' : context.prefix(),
      text,
      facility: facility === '' ? (modules?.facility(source) ?? '') : facility,
      lead,
      callId: context === null ? '' : context.callId(),
    }
    this.kept[this.seq % KEPT_LINES] = line
    for (const sink of this.sinks) sink(line)
  }

  /** The newest `count` lines, oldest first. */
  tail(count: number): LogLine[] {
    const { kept, seq } = this
    const many = Math.min(count, seq, KEPT_LINES)
    return Array.from({ length: many }, (_, i) => kept[(seq - many + 1 + i) % KEPT_LINES]!)
  }

  error(source: string, text: string): void {
    this.write(L_ERR, source, text)
  }
  warn(source: string, text: string): void {
    this.write(L_WARN, source, text)
  }
  notice(source: string, text: string): void {
    this.write(L_NOTICE, source, text)
  }
  info(source: string, text: string): void {
    this.write(L_INFO, source, text)
  }
  debug(source: string, text: string): void {
    this.write(L_DBG, source, text)
  }
}
