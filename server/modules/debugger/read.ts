/** Levels and facilities as the config writes them. */
import { L_ALERT, L_BUG, L_CRIT, L_DBG, L_ERR, L_INFO, L_NOTICE, L_WARN } from '../../core/log.ts'
import { BadValue } from '../../core/module/index.ts'
import { facilityNumber } from '../../lib/syslog.ts'

const LEVELS: Readonly<Record<string, number>> = {
  L_ALERT,
  L_BUG,
  L_CRIT2: L_CRIT,
  L_CRIT,
  L_ERR,
  L_WARN,
  L_NOTICE,
  L_INFO,
  L_DBG,
}

/** `L_ERR`, or a number as KEMI scripts give it. Throws BadValue. */
export function wordToLevel(word: string): number {
  const level = /^-?\d+$/.test(word) ? Number(word) : LEVELS[word]
  if (level === undefined)
    throw new BadValue(`${word} is no log level`, Object.keys(LEVELS).join(', '))
  return level
}

/** Lines of the core have a name of their own in the log. */
export const sourceOf = (module: string): string => (module === 'core' ? '<core>' : module)

function readPair(text: string | number, example: string): [module: string, value: string] {
  const found = /^\s*([A-Za-z0-9_]+)\s*=\s*(\S+)\s*$/.exec(String(text))
  if (found === null) throw new BadValue(`"${text}" is not module=value`, example)
  return [found[1]!, found[2]!]
}

export function readModLevel(text: string | number): { source: string; level: number } {
  const [module, value] = readPair(text, 'tm=3')
  if (!/^-?\d+$/.test(value)) throw new BadValue(`${value} is no log level`, 'tm=3')
  return { source: sourceOf(module), level: Number(value) }
}

export function readModFacility(text: string | number): { source: string; facility: string } {
  const [module, facility] = readPair(text, 'tm=LOG_LOCAL1')
  if (facilityNumber(facility) < 0)
    throw new BadValue(`invalid syslog facility ${facility}`, 'tm=LOG_LOCAL1')
  return { source: sourceOf(module), facility }
}
