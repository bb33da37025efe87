// A config in which each case is a route of its own.
import { MODULES } from './cases.ts'

export interface CaseConfig {
  /** Beside those of all cases. */
  readonly modules: readonly string[]
  readonly params?: string
  /** Done for each request before its case. */
  readonly before?: string
  /** More routes. */
  readonly routes?: string
}

/** The number in the request's X-Test picks the case that runs. */
export const configOfCases = (
  port: number,
  cases: readonly string[],
  { modules, params = '', before = '', routes = '' }: CaseConfig,
): string => `#!KAMAILIO
debug=0
children=1
disable_tcp=yes
auto_aliases=no
listen=udp:127.0.0.1:${port}
${[...MODULES, ...modules].map(name => `loadmodule "${name}.so"\n`).join('')}
${params}
request_route {
  ${before}
  $var(n) = "T" + $hdr(X-Test);
  route($var(n));
}
${routes}
${cases.map((text, i) => `route[T${i}] { ${text} }`).join('\n')}
`
