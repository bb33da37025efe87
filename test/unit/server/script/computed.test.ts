// Literals for which an expression may stand: Kamailio reads those per call, of the functions that
// are tried here. The answers are those of Kamailio 5.6.3.
import { describe, expect, test } from 'vitest'
import type { AnyModule } from '../../../../server/core/module/index.ts'
import { REQUEST_ROUTE } from '../../../../server/core/route-bits.ts'
import kex from '../../../../server/modules/kex/kex.module.ts'
import pv from '../../../../server/modules/pv/pv.module.ts'
import textops from '../../../../server/modules/textops/textops.module.ts'
import { stage } from '../../../kit/script-stage.ts'

const modules: AnyModule[] = [pv, textops, kex]
const loading = modules.map(({ name }) => `loadmodule "${name}"\n`).join('')

/** $var(x) after the body, and what was logged. */
function after(body: string): { x: unknown; lines: readonly string[] } {
  const { core, lines, message } = stage(`${loading}request_route { ${body} }`, ...modules)
  const msg = message()
  core.routes.runNow(core.routes.request!, msg, REQUEST_ROUTE)
  return { x: core.formats.pvar('$var(x)').get(msg), lines }
}

describe('an expression in place of a literal', () => {
  const trials: [string, number | string][] = [
    ['$var(h) = "Call-ID"; if (is_present_hf($var(h))) $var(x) = 1;', 1],
    ['$var(h) = "ID"; if (is_present_hf("Call-" + $var(h))) $var(x) = 1;', 1],
    ['$var(h) = "Call-ID"; if (is_present_hf("$var(h)")) $var(x) = 1;', 0],
    ['$var(re) = "^OPTIONS"; if (search($var(re))) $var(x) = 1;', 1],
    ['$var(u) = "sip:192.0.2.7"; setdsturi($var(u)); $var(x) = $du;', 'sip:192.0.2.7'],
    ['$var(t) = "str"; $var(h) = "a"; if (typeof("$var(h)", $var(t))) $var(x) = 1;', 1],
  ]
  test.for(trials)('%s', ([body, x]) => {
    const told = after(body)
    expect(told.lines).toEqual([])
    expect(told.x).toBe(x)
  })

  test('that cannot be read leaves the call undone, and the route goes on', () => {
    const { x, lines } = after('$var(re) = "(open"; if (search($var(re))) exit; $var(x) = 2;')
    expect(x).toBe(2)
    expect(lines).toEqual([expect.stringMatching(/search\(\) is not called/)])
  })
})

test('other functions want a literal', () => {
  const body = '$var(m) = "INVITE"; is_method($var(m));'
  expect(() => stage(`${loading}request_route { ${body} }`, ...modules)).toThrow(
    'function is_method: parameter 1 is not constant',
  )
})
