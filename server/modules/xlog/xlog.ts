/** The instance of xlog: how a line of the script becomes a line of the log. */
import type { Core } from '../../core/core.ts'
import { L_ALERT, L_BUG, L_CRIT, L_DBG, L_ERR, L_INFO, L_NOTICE, L_WARN } from '../../core/log.ts'
import { BadValue } from '../../core/module/index.ts'
import type { ConfigOf, Format, ModuleEnv, Verdict } from '../../core/module/index.ts'
import { facilityNumber } from '../../lib/syslog.ts'
import type { SipMessage } from '../../sip/message.ts'
import type { params } from './xlog.module.ts'

const SOURCE = '<script>'

export class Xlog {
  readonly core: Core
  readonly config: ConfigOf<typeof params>
  /** The prefix when it has variables in it (prefix_mode), null when it is a fixed text. */
  private prefix: Format | null = null

  constructor(env: ModuleEnv<typeof params, {}>) {
    this.core = env.core
    this.config = env.config
    const { log_facility } = env.config
    if (log_facility !== '' && facilityNumber(log_facility) < 0)
      throw new BadValue(`xlog: invalid syslog facility ${log_facility}`)
    for (const { level, code } of env.config.log_colors.flat()) env.core.log.colors.set(level, code)
  }

  start(): void {
    if (this.config.prefix_mode !== 0) this.prefix = this.core.formats.compile(this.config.prefix)
  }

  /** Terminal colours are for a terminal, unless they are forced. */
  get showsColors(): boolean {
    const { options, params } = this.core
    return this.config.force_color !== 0 || options.logToStderr || params.log_stderror !== 0
  }

  /** Writes what the format gives, if anybody wants lines of this level. */
  write(msg: SipMessage, level: number, format: Format, place: string, facility = ''): Verdict {
    const { log } = this.core
    if (!log.enabled(level)) return 1
    const text = format(msg)
    if (text.length > this.config.buf_size) {
      log.error('xlog', `a message of ${text.length} bytes is longer than buf_size`)
      return -1
    }
    const prefix = this.prefix === null ? this.config.prefix : this.prefix(msg)
    // The line end is the log's.
    const line = text.endsWith('\n') ? text.slice(0, -1) : text
    const own = facility || this.config.log_facility
    log.write(level, SOURCE, prefix + place + line, own, prefix.length)
    return 1
  }

  /** Line of the call for xlogl: `23:`, or `file:23:`. */
  placeOf(format: Format): string {
    const { at } = format
    if (at === undefined) return ''
    return this.config.long_format === 0 ? `${at.line}:` : `${at.file}:${at.line}:`
  }
}

/** The third character of L_ERR, L_INFO ... says which level it is. */
const LETTERS: Record<string, number> = {
  A: L_ALERT,
  B: L_BUG,
  C: L_CRIT,
  E: L_ERR,
  W: L_WARN,
  N: L_NOTICE,
  I: L_INFO,
  D: L_DBG,
}

/** Is it a word that says a level, like L_ERR? Only its third letter counts. */
export const isLevelWord = (text: string): boolean => LETTERS[text.charAt(2)] !== undefined

/**
 * A level as the script gives it: a word like L_INFO or the number of a variable; null when it is
 * neither.
 */
export function levelOf(text: string): number | null {
  const known = LETTERS[text.charAt(2)]
  if (known !== undefined && text.startsWith('L_')) return known
  if (text === '' || !/^[+-]?\d+$/.test(text)) return known ?? null
  return Number(text)
}
