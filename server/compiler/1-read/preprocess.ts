/** What the preprocessor knows: defines, substitutions, and whether the text at hand is switched off by an #!ifdef. */
import type { Place } from './source.ts'

export interface Substitution {
  readonly pattern: RegExp
  readonly replacement: string
  /** Name that `substdef` defines as well. */
}

export class Defines {
  private readonly values = new Map<string, string>()

  has(name: string): boolean {
    return this.values.has(name)
  }

  /** The replacement text; '' for a define without a value. */
  get(name: string): string | undefined {
    return this.values.get(name)
  }

  set(name: string, value: string): void {
    this.values.set(name, value)
  }

  delete(name: string): boolean {
    return this.values.delete(name)
  }

  entries(): [string, string][] {
    return [...this.values]
  }
}

/** One open #!ifdef. */
export interface Condition {
  readonly place: Place
  /** The branch at hand is read. */
  active: boolean
  /** The text around it is read. */
  readonly outer: boolean
}

/** Reads `/re/replacement/flags` with any separator; null when it is malformed. */
export function parseSubstitution(
  text: string,
): { pattern: string; replacement: string; flags: string } | null {
  const separator = text[0]
  if (separator === undefined) return null
  const parts: string[] = ['']
  for (let i = 1; i < text.length; i++) {
    if (text[i] === '\\' && text[i + 1] === separator) {
      parts[parts.length - 1] += separator
      i++
    } else if (text[i] === separator) parts.push('')
    else parts[parts.length - 1] += text[i]
  }
  if (parts.length !== 3) return null
  return { pattern: parts[0]!, replacement: parts[1]!, flags: parts[2]! }
}
