/** How far a config is from running here: what it uses that is not here yet, in one sentence. */
import type { Code, Diagnostic } from './diagnostic.ts'

const KINDS: readonly (readonly [Code, string])[] = [
  ['CFG_MISSING_FUNCTION', 'function'],
  ['CFG_MISSING_PVAR', 'variable'],
  ['CFG_MISSING_TRANSFORMATION', 'transformation'],
  ['CFG_MISSING_EVENT', 'event route'],
]

const counted = (count: number, what: string): string => `${count} ${what}${count === 1 ? '' : 's'}`

/** '' when nothing is missing. */
export function distanceText(diagnostics: readonly Diagnostic[]): string {
  const modules = diagnostics.filter(one => one.code === 'CFG_MISSING_MODULE').length
  if (modules === 0) return ''
  const parts = KINDS.flatMap(([code, what]) => {
    const found = diagnostics.filter(one => one.code === code)
    if (found.length === 0) return []
    const places = found.reduce((sum, { also }) => sum + 1 + also.length, 0)
    const where = places === found.length ? '' : ` in ${places} places`
    return [`${counted(found.length, what)}${where}`]
  })
  const used = parts.length === 0 ? 'nothing of which is used' : `and of theirs ${parts.join(', ')}`
  return `not here yet: ${counted(modules, 'module')}, ${used}`
}
