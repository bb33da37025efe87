// Statements at random that the check accepts: they run, and do the same whether their functions
// answer at once or later, though the code of routes that wait is another one.
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { defineModule, fn, int } from '../../server/core/module/index.ts'
import { ANY_ROUTE, REQUEST_ROUTE } from '../../server/core/route-bits.ts'
import pv from '../../server/modules/pv/pv.module.ts'
import { arbitraryBody } from '../kit/arbitrary-config.ts'
import { stage } from '../kit/script-stage.ts'

const code = { doc: 'This code.', args: [int('code')] as const, routes: ANY_ROUTE }

const probe = defineModule({
  name: 'probe',
  doc: 'A module of this test.',
  needs: {},
  params: {},
  instance: class {},
  functions: {
    now: fn({ ...code, run: (_self, _msg, value) => value }),
    later: fn({ ...code, waits: true, run: (_self, _msg, value) => Promise.resolve(value) }),
  },
})

const VARIABLES = ['$var(x)', '$var(y)', '$avp(a)', '$(avp(a)[0])', '$rU', '$avp($var(x))']
const CALLS = ['ask(1)', 'ask(-1)', 'ask(0)', 'ask($var(x))', 'ask("2")', 'setflag(3)']

const wordsOf = (routes: readonly string[]) => ({
  calls: [...CALLS, ...routes],
  variables: VARIABLES,
  operands: [...VARIABLES, ...CALLS, ...routes, ...['$rc', '$(rU{s.len})', 'uri == myself', '7']],
  prefixes: ['!', '-', '~', '(int)'],
  operators: ['||', '&&', '|', '<<', '==', '!=', '<', '>=', '+', '-', '*', '/', 'mod'],
  blocks: true,
})

const inner = arbitraryBody(wordsOf([]))
const outer = arbitraryBody(wordsOf(['route(A)', 'route(B)', 'route($var(name))']))

const config = fc.tuple(outer, inner, inner).map(
  ([request, a, b]) => `#!KAMAILIO
loadmodule "pv.so"
loadmodule "probe.so"
max_while_loops=2
request_route { $var(name) = "A"; ${request} }
route[A] { ${a} }
route[B] { ${b} }
`,
)

/** All that a message can have changed, '' when the config is refused. */
async function outcome(text: string): Promise<string> {
  let made
  try {
    made = stage(text, pv, probe)
  } catch (error) {
    expect((error as Error).message).toMatch(/: error: /)
    return ''
  }
  const { core, lines, message } = made
  const msg = message()
  const end = await core.routes.run(core.routes.request!, msg, REQUEST_ROUTE)
  const left = core.formats.compile('$var(x) $var(y) $(avp(a)[*]) $avp(0) $avp(1) $rU')(msg)
  const complaints = lines.map(line => line.replace(/ \(Call-ID.*/, ''))
  return JSON.stringify([typeof end === 'number' ? end : end.code, msg.rc, left, complaints])
}

it('runs as it does without a wait', async () => {
  let accepted = 0
  await fc.assert(
    fc.asyncProperty(config, async text => {
      const now = await outcome(text.replaceAll('ask(', 'now('))
      if (now !== '') accepted++
      expect(await outcome(text.replaceAll('ask(', 'later('))).toBe(now)
      // What was made for it may go now.
      await new Promise(later => setImmediate(later))
    }),
    { numRuns: 300, seed: 11 },
  )
  expect(accepted).toBeGreaterThan(200)
})
