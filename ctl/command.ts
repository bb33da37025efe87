/**
 * A command is a row. Parsing, help, completion and the README's table are derived from the rows.
 */
import type { Fleet } from '../rpc/fleet/fleet.ts'
import type { Io } from './io.ts'
import type { Report } from './report.ts'

/** Where the values of an argument come from when the shell completes it. */
export type Completion = 'aor' | 'method' | 'variable' | 'group' | 'command' | readonly string[]

export interface Argument {
  readonly name: string
  readonly doc: string
  readonly kind: 'required' | 'optional' | 'rest'
  readonly complete?: Completion
}

export interface Option {
  /** As for commander: `-f, --follow`, `-n, --lines <count>`. */
  readonly flags: string
  readonly doc: string
}

export interface Command {
  /** One word or two: `uptime`, `ul show`. */
  readonly name: string
  readonly args: readonly Argument[]
  readonly options?: readonly Option[]
  /** How its arguments are written in the help, where the names alone would not tell. */
  readonly words?: string
  readonly doc: string
  /** Whole command lines without `kamctl`. */
  readonly examples: readonly string[]
  /**
   * A report is printed in the format asked for; a number is the exit code of a command that
   * printed by itself.
   */
  run(io: Io, fleet: Fleet, args: Args): Promise<Report | number>
}

/** The values of one command line. */
export class Args {
  readonly command: string
  private readonly words: Readonly<Record<string, string | readonly string[] | undefined>>
  private readonly options: Readonly<Record<string, unknown>>

  /** `command`: the name of its row. */
  constructor(
    command: string,
    words: Readonly<Record<string, string | readonly string[] | undefined>>,
    options: Readonly<Record<string, unknown>>,
  ) {
    this.command = command
    this.words = words
    this.options = options
  }

  /** An argument; '' when an optional one is not there. */
  word(name: string): string {
    const value = this.words[name]
    return typeof value === 'string' ? value : ''
  }

  has(name: string): boolean {
    return this.words[name] !== undefined
  }

  rest(name: string): readonly string[] {
    const value = this.words[name]
    return typeof value === 'string' ? [value] : (value ?? [])
  }

  /** Is a switch set? */
  flag(name: string): boolean {
    return this.options[name] === true
  }

  /** The value of an option, by its long name in camel case. */
  option(name: string): string | undefined {
    const value = this.options[name]
    return typeof value === 'string' ? value : undefined
  }
}

export const required = (name: string, doc: string, complete?: Completion): Argument => ({
  name,
  doc,
  kind: 'required',
  ...(complete === undefined ? {} : { complete }),
})
export const optional = (name: string, doc: string, complete?: Completion): Argument => ({
  name,
  doc,
  kind: 'optional',
  ...(complete === undefined ? {} : { complete }),
})
export const rest = (name: string, doc: string, complete?: Completion): Argument => ({
  name,
  doc,
  kind: 'rest',
  ...(complete === undefined ? {} : { complete }),
})

/** `ul show [user]` */
export function usage({ name, args, words: written }: Command): string {
  if (written !== undefined) return `${name} ${written}`
  const words = args.map(({ name: word, kind }) => {
    if (kind === 'required') return word.toUpperCase()
    return kind === 'optional' ? `[${word}]` : `[${word} ...]`
  })
  return [name, ...words].join(' ')
}
