// The examples of Kamailio's module manuals, made into configs that can be checked.
import { existsSync, readFileSync } from 'node:fs'

const FILE = new URL('../../../shared/suites/doc-examples.json', import.meta.url)

export const examplesAreThere = existsSync(FILE)
export const examplesPlace = FILE.pathname

export interface Example {
  /** `module | title`, with a number where a title comes again. */
  readonly key: string
  readonly module: string
  readonly text: string
}

interface Written {
  readonly module: string
  readonly title: string
  readonly kind: string
  readonly text: string
}

/** The examples of parameters and of the routing script. */
export function examples(): Example[] {
  if (!examplesAreThere) return []
  const seen = new Map<string, number>()
  const all = JSON.parse(readFileSync(FILE, 'utf8')) as Written[]
  return all
    .filter(({ kind }) => kind === 'modparam' || kind === 'script')
    .map(({ module, title, text }) => {
      const name = `${module} | ${title}`
      const count = (seen.get(name) ?? 0) + 1
      seen.set(name, count)
      return { key: count === 1 ? name : `${name} (${count})`, module, text }
    })
}

/** What examples use without saying so. */
const USUAL = [
  ...['tm', 'sl', 'rr', 'pv', 'xlog', 'textops', 'textopsx', 'siputils', 'usrloc', 'registrar'],
  ...['maxfwd', 'kex', 'corex', 'tmx', 'sanity', 'counters', 'cfgutils'],
]

const ELLIPSIS = /^\s*(\.{2,}|…)\s*;?\s*$/
const OUTSIDE = new RegExp(
  String.raw`^\s*(?:(?:request_|failure_|onreply_|reply_|branch_|event_|onsend_)?route|modparam|` +
    String.raw`loadmodule|#!|listen|[a-z_]+\s*=[^=])`,
  'm',
)

/** The example with the modules that it needs; statements stand in a route. */
export function exampleConfig({ module, text }: Example): string {
  const lines = text.split('\n').filter(line => !ELLIPSIS.test(line))
  const body = lines.join('\n')
  const own = [...body.matchAll(/^\s*loadmodule\s*\(?"(?:.*\/)?(\w+)(?:\.so)?"/gm)].map(
    ([, name]) => name!,
  )
  const wanted = [...new Set([...USUAL, module])].filter(name => !own.includes(name))
  const head = wanted.map(name => `loadmodule "${name}.so"\n`).join('')
  const end = 'request_route { exit; }\n'
  if (OUTSIDE.test(body))
    return `${head}${body}\n${/request_route|^\s*route\s*\{/m.test(body) ? '' : end}`
  return `${head}route[EXAMPLE] {\n${body}\n}\n${end}`
}
