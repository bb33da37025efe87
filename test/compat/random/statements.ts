/**
 * Random statements, each a route of its own that is called for a request. The routes that they
 * call leave a trace, so that it shows in which order they ran. The seed is fixed; what
 * record-statements.ts asked about is written down all the same.
 */
import fc from 'fast-check'
import { arbitraryBody } from '../../kit/arbitrary-config.ts'
import { MODULES, PORT } from '../script/cases.ts'

const VARIABLES = ['$var(x)', '$var(y)', '$avp(a)', '$rU']
const CALLS = [
  ...['route(P)', 'route(M)', 'route(V)', 'route(Z)', 'route(N)', 'setflag(3)', 'isflagset(3)'],
  ...['is_method("OPTIONS")', 'is_method("INVITE")', 'route(E)'],
]

const statements = arbitraryBody({
  calls: CALLS,
  variables: VARIABLES,
  operands: [...VARIABLES, ...CALLS, ...['$rc', '7', '0', '-2', '"5"', '"ab"', '""', '$null']],
  prefixes: ['!', '-', '~', '(int)', '(str)', 'defined ', 'strempty'],
  operators: ['||', '&&', '|', '<<', '==', '!=', '<', '>=', '+', '-', '*', '/', 'mod', 'eq'],
  blocks: false,
})

const MOST_CHARACTERS = 600

export const bodies = (count: number, seed: number): string[] => {
  const all = new Set(fc.sample(statements, { numRuns: count * 3, seed }))
  return [...all].filter(text => text.length <= MOST_CHARACTERS).slice(0, count)
}

const trace = (name: string, then: string): string =>
  `route[${name}] { xlog("L_ERR", "@@$hdr(X-Test) ${name}\\n"); ${then} }`

const ROUTES = [
  trace('P', 'return 1;'),
  trace('M', 'return -1;'),
  trace('V', 'return $var(x);'),
  trace('Z', 'return 0;'),
  trace('N', 'return;'),
  trace('E', 'exit;'),
]

/** The number of the request's first X-Test picks the one that runs. */
export const configOf = (texts: readonly string[]): string => `#!KAMAILIO
debug=0
children=1
disable_tcp=yes
auto_aliases=no
max_while_loops=2
listen=udp:127.0.0.1:${PORT}
${MODULES.map(name => `loadmodule "${name}.so"\n`).join('')}
request_route {
  $var(x) = 3; $var(y) = "b";
  $var(n) = "T" + $hdr(X-Test);
  route($var(n));
  xlog("L_ERR", "@@$hdr(X-Test) end $rc x $var(x) y $var(y) a $(avp(a)[*]) U $rU\\n");
}
${ROUTES.join('\n')}
${texts.map((text, i) => `route[T${i}] { ${text} }`).join('\n')}
`

/** What each of them did: the routes that ran, and how it ended if it came to the end. */
export function answersOf(traces: string, count: number): string[] {
  const answers: string[][] = Array.from({ length: count }, () => [])
  for (const line of traces.split('\n')) {
    const [number = ''] = line.split(' ', 1)
    answers[Number(number)]?.push(line.slice(number.length + 1))
  }
  return answers.map(lines => lines.join(' '))
}
