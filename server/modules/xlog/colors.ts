/** Terminal colours: $C(xy), x the foreground and y the background. */
import { BadValue } from '../../core/module/index.ts'
import { levelOf } from './xlog.ts'

const LETTERS = 'srgybpcw'

/** x is the default colour, a capital letter a bright one. */
export function colorCode(inner: string): string {
  const [fore = '', back = ''] = inner
  const dim = fore.toLowerCase()
  const bright = fore !== dim
  const foreAt = LETTERS.indexOf(dim)
  const backAt = LETTERS.indexOf(back)
  const known = (at: number, letter: string): boolean => at >= 0 || letter === 'x'
  if (inner.length !== 2 || !known(foreAt, dim) || !known(backAt, back))
    throw new BadValue(
      `${inner} is no pair of colours`,
      `two of x${LETTERS}; the first may be a capital`,
    )
  const foreCode = foreAt < 0 ? 39 : 30 + foreAt
  const backCode = backAt < 0 ? 49 : 40 + backAt
  return `\x1b[${bright ? 1 : 0};${foreCode};${backCode}m`
}

export interface LevelColor {
  readonly level: number
  readonly code: string
}

/** Reads `L_ERR=cr;L_WARN=px`. */
export function readLevelColors(text: string | number): LevelColor[] {
  return String(text)
    .split(';')
    .map(part => part.trim())
    .filter(part => part !== '')
    .map(part => {
      const [name = '', colors = ''] = part.split('=')
      const level = name.startsWith('L_') ? levelOf(name) : null
      if (level === null) throw new BadValue(`${name} is no log level`, 'as "L_ERR=cr"')
      return { level, code: colorCode(colors) }
    })
}
