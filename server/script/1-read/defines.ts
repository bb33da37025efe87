/** The table of `#!define`s. */
import type { Place } from './source.ts'

export interface Define {
  readonly name: string
  /** The text to the end of its line, comments included: it is read anew at each use. */
  readonly text: string
  /** Where it was defined; null for those of the command line and the predefined ones. */
  readonly at: Place | null
}

/** What every Kamailio 5.6.3 says of itself. */
const PREDEFINED = ['KAMAILIO_5', 'KAMAILIO_5_6', 'KAMAILIO_5_6_3']

export class Defines {
  private readonly byName = new Map<string, Define>()
  /** Names that the command line defines although they are. */
  readonly givenTwice: readonly string[]

  /** `given`: NAME or NAME=VALUE of the command line's -A. */
  constructor(given: readonly string[]) {
    const twice: string[] = []
    for (const name of PREDEFINED) this.set(name, '', null)
    for (const text of given) {
      const equals = text.indexOf('=')
      const name = equals < 0 ? text : text.slice(0, equals)
      if (this.has(name)) twice.push(name)
      this.set(name, equals < 0 ? '' : text.slice(equals + 1), null)
    }
    this.givenTwice = twice
  }

  get(name: string): Define | null {
    return this.byName.get(name) ?? null
  }

  has(name: string): boolean {
    return this.byName.has(name)
  }

  set(name: string, text: string, at: Place | null): void {
    this.byName.set(name, { name, text, at })
  }

  delete(name: string): void {
    this.byName.delete(name)
  }

  all(): Define[] {
    return [...this.byName.values()]
  }
}

/** The define of a loaded module: MOD_tm after loadmodule "tm.so" or a path that ends in it. */
export function moduleDefine(loaded: string): string {
  return `MOD_${moduleName(loaded)}`
}

/** `tm` of `tm`, `tm.so` and `/usr/lib/kamailio/modules/tm.so`. */
export function moduleName(loaded: string): string {
  const base = loaded.slice(loaded.lastIndexOf('/') + 1)
  return base.endsWith('.so') ? base.slice(0, -3) : base
}
