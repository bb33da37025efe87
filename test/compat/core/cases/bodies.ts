// Many small questions to one server: each is the body of a route of its own, picked by a header.
import { type Case, request } from '../case.ts'

export interface Question {
  readonly body: string
  readonly uri?: string
  readonly headers?: readonly string[]
}

/** After each body the return code, the request URI and the destination URI are shown. */
export function questions(
  name: string,
  asked: readonly (string | Question)[],
  more: Partial<Case> = {},
  shown = '$rc $ru $du',
): Case {
  const all = asked.map(one => (typeof one === 'string' ? { body: one } : one))
  const routes = all.map(({ body }, i) => `route[T${i}] { ${body} }`).join('\n')
  return {
    name,
    ...more,
    routes: `request_route {
  $var(n) = "T" + $hdr(X-Test);
  $var(q) = "-";
  route($var(n));
  xlog("L_ERR", "@ ${shown} $var(q)\\n");
}
${routes}
${more.routes ?? ''}`,
    steps: all.map(({ uri, headers = [] }, i) => ({
      send: request('OPTIONS', {
        headers: [`X-Test: ${i}`, ...headers],
        ...(uri === undefined ? {} : { uri }),
      }),
    })),
  }
}

/** A body that is refused, or not: the config is all there is to see. */
export const taken = (body: string, globals = ''): Case => ({
  name: `taken: ${globals === '' ? '' : `${globals} `}${body}`,
  globals,
  routes: `request_route { ${body} }`,
  steps: [],
})
