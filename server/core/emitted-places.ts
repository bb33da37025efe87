/**
 * Emitted code, as it shows in stack traces, by the lines of the config that it was made of. V8
 * would read a source map only of files; the emitter knows the place of every line anyway, so a
 * table of lines is all there is to it, and it costs nothing until something goes wrong.
 */
import { createHash } from 'node:crypto'

interface Placed {
  /** `file:line` of the config for a line (from 1) of emitted text; null where it has none. */
  placeOf(line: number): string | null
}

export class EmittedPlaces {
  /** Weak: what is not in force any more, and runs for nobody, has to go with all of its code. */
  private readonly files = new Map<string, WeakRef<Placed>>()

  /**
   * Takes in who knows the places of a text; gives the name under which it is to be compiled. The
   * same text has the same name again: V8 may still have its code.
   */
  add(wanted: string, text: string, placed: Placed): string {
    for (const [name, known] of this.files) {
      if (known.deref() === undefined) this.files.delete(name)
    }
    const name = `${wanted}~${createHash('sha1').update(text).digest('hex').slice(0, 8)}`
    this.files.set(name, new WeakRef(placed))
    return name
  }

  /** The stack of an error: emitted code is named by the lines of the config. */
  stack(error: unknown): string {
    const stack = (error as Error | null)?.stack ?? String(error)
    return stack.replace(FRAME, (whole, name: string | undefined, file: string, line: string) => {
      const place = this.placeOf(file, line)
      if (place === null) return whole
      return name === undefined ? `at ${place}` : `at ${name} (${place})`
    })
  }

  /** Where in the config an error was thrown, or the script is now; '' when in none. */
  place(error: unknown = new Error('here')): string {
    for (const [, , file, line] of ((error as Error).stack ?? '').matchAll(FRAME)) {
      const place = this.placeOf(file!, line!)
      if (place !== null) return place
    }
    return ''
  }

  private placeOf(file: string, line: string): string | null {
    return this.files.get(file)?.deref()?.placeOf(Number(line)) ?? null
  }
}

/** `at Object.route_A [as run] (/etc/kamailio.cfg.js:17:9)`: what it is called, file and line. */
const CALLED = String.raw`(?:(?:async )?(?:\w+\.)?([\w$]+)(?: \[as \w+\])? \()?`
const WHERE = String.raw`([^()\n]+?\.js~[0-9a-f]{8}):(\d+):\d+\)?`
const FRAME = new RegExp(`(?<=^ *)at ${CALLED}${WHERE}$`, 'gm')
