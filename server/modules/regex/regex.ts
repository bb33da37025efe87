/** The instance: the groups of expressions of a file. */
import { readFileSync } from 'node:fs'
import type { Core } from '../../core/core.ts'
import { BadValue, type ConfigOf, type ModuleEnv } from '../../core/module/index.ts'
import { compilePcre, type PcreOptions } from '../../core/pcre.ts'
import type { params } from './regex.module.ts'

/** Expressions that are made of variables are compiled when they are met. */
const KEPT = 2000

export class Regex {
  readonly core: Core
  readonly config: ConfigOf<typeof params>
  /** By number, from 0; null without a file. */
  groups: RegExp[] | null = null
  private readonly options: PcreOptions
  private readonly kept = new Map<string, RegExp | null>()

  constructor(env: ModuleEnv<typeof params, {}>) {
    const { config } = env
    this.core = env.core
    this.config = config
    this.options = {
      ignoreCase: config.pcre_caseless !== 0,
      lines: config.pcre_multiline !== 0,
      dotAll: config.pcre_dotall !== 0,
      extended: config.pcre_extended !== 0,
    }
    if (config.file !== '') this.groups = this.readFile()
  }

  error(text: string): void {
    this.core.log.error('regex', text)
  }

  /** An expression as the script gives it; null when it is malformed. */
  compile(pattern: string): RegExp | null {
    const known = this.kept.get(pattern)
    if (known !== undefined) return known
    if (this.kept.size >= KEPT) this.kept.clear()
    let regex: RegExp | null = null
    try {
      regex = compilePcre(pattern)
    } catch (error) {
      this.error(`cannot read "${pattern}": ${(error as Error).message}`)
    }
    this.kept.set(pattern, regex)
    return regex
  }

  /** The groups of the file as it is now; throws BadValue. */
  readFile(): RegExp[] {
    const { file, max_groups: most, group_max_size: longest } = this.config
    let text: string
    try {
      text = readFileSync(file, 'latin1')
    } catch {
      throw new BadValue(`regex: ${file} cannot be read`)
    }
    const groups = readGroups(text)
    if (groups.length > most) throw new BadValue(`regex: more groups than max_groups=${most}`)
    return groups.map((lines, number) => {
      const pattern = lines.map(line => `(${line})`).join('|')
      if (pattern.length > longest)
        throw new BadValue(`regex: group ${number} is longer than group_max_size=${longest}`)
      return this.compileGroup(pattern, number)
    })
  }

  private compileGroup(pattern: string, number: number): RegExp {
    try {
      return compilePcre(pattern, this.options)
    } catch (error) {
      throw new BadValue(`regex: group ${number}: ${(error as Error).message}`)
    }
  }
}

/** Sections that begin with a line `[0]`; they are counted, whatever number they have. */
export function readGroups(text: string): string[][] {
  const groups: string[][] = []
  for (const line of text.split(/\r?\n/)) {
    const expression = line.trim()
    if (expression === '' || expression.startsWith('#')) continue
    if (/^\[\d+\]$/.test(expression)) groups.push([])
    else if (groups.length === 0) throw new BadValue('regex: the file does not begin with a group')
    else groups.at(-1)!.push(expression)
  }
  return groups
}
