/**
 * Selects, `@from.uri.user` or `$sel(from.uri.user)`: a path read once at load into a function of
 * the message.
 */
import { BadValue } from '../../../core/module/index.ts'
import { addressSelects } from './addresses.ts'
import { authSelects } from './auth.ts'
import { headerValueSelects } from './header-values.ts'
import { messageSelects } from './message.ts'
import { systemSelects } from './system.ts'
import { tlsSelects } from './tls.ts'
import { uriSelects } from './uri.ts'
import { viaSelects } from './via.ts'
import type { Root, Select, Step } from './step.ts'

const ROOTS: Record<string, Root> = {
  ...uriSelects,
  ...addressSelects,
  ...viaSelects,
  ...messageSelects,
  ...authSelects,
  ...headerValueSelects,
  ...systemSelects,
  ...tlsSelects,
}

const STEP = /([A-Za-z_][A-Za-z0-9_]*)((?:\[(?:-?\d+|"[^"]*")\])*)(\.|$)/y

/** Reads `name.name[1].name["x"]`. */
function readPath(text: string): Step[] {
  const steps: Step[] = []
  for (let at = 0; at < text.length || steps.length === 0; at = STEP.lastIndex) {
    STEP.lastIndex = at
    const found = STEP.exec(text)
    if (found === null)
      throw new BadValue(`${text} is no select: a name is expected at "${text.slice(at)}"`)
    steps.push({ name: found[1]!, keys: keysOf(found[2]!) })
    if (found[3] === '.' && STEP.lastIndex === text.length)
      throw new BadValue(`${text} is no select: it ends in a dot`)
  }
  return steps
}

const keysOf = (text: string): (string | number)[] =>
  [...text.matchAll(/\[(?:(-?\d+)|"([^"]*)")\]/g)].map(found => found[2] ?? Number(found[1]))

/** The select behind a path; throws BadValue when there is none. */
export function parseSelect(inner: string): Select {
  const text = inner.trim().replace(/^@/, '')
  const steps = readPath(text)
  const root = ROOTS[steps[0]!.name]
  const select = root === undefined ? null : root(steps[0]!, steps.slice(1))
  if (select === null) throw new BadValue(`there is no select @${text}`)
  return select
}
