// What core parameters and parameters of modules make of the emitted text.
import { describe, expect, test } from 'vitest'
import coreSurface from '../../../../server/core/core.module.ts'
import {
  type AnyModule,
  defineModule,
  fn,
  int,
  intParam,
  optional,
} from '../../../../server/core/module/index.ts'
import { Registry } from '../../../../server/core/registry.ts'
import { ANY_ROUTE, REQUEST_ROUTE } from '../../../../server/core/route-bits.ts'
import dispatcher from '../../../../server/modules/dispatcher/dispatcher.module.ts'
import permissions from '../../../../server/modules/permissions/permissions.module.ts'
import pv from '../../../../server/modules/pv/pv.module.ts'
import userblocklist from '../../../../server/modules/userblocklist/userblocklist.module.ts'
import { compile, diagnosticsText, load } from '../../../../server/script/index.ts'
import { stage } from '../../../kit/script-stage.ts'

const codes = defineModule({
  name: 'codes',
  doc: 'A module of this test.',
  needs: {},
  params: { slow: intParam({ default: 0, doc: 'Does slowly() wait?' }) },
  instance: class {},
  functions: {
    gives: fn({
      doc: 'Returns its argument.',
      args: [int('code')],
      routes: ANY_ROUTE,
      run: (_self, _msg, value) => value,
    }),
    burns: fn({
      doc: 'Takes two milliseconds.',
      args: [],
      routes: ANY_ROUTE,
      run: () => {
        for (const end = performance.now() + 2; performance.now() < end; );
        return 1
      },
    }),
    slowly: fn({
      doc: 'Waits with three arguments, or when it is slow.',
      args: [optional(int('a')), optional(int('b')), optional(int('c'))],
      routes: ANY_ROUTE,
      waits: true,
      waitsWhen: (param, given) => given > 2 || param('codes', 'slow') === 1,
      run: () => 1,
    }),
  },
})

/** What $var(x) is after the body. */
function valueOf(globals: string, body: string): unknown {
  const { core, message } = stage(
    `${globals}\nloadmodule "codes"\nloadmodule "pv"\nrequest_route { $var(x) = 99; ${body} }`,
    codes,
    pv,
  )
  core.routes.runNow(core.routes.request!, message(), REQUEST_ROUTE)
  return core.formats.pvar('$var(x)').get(message())
}

describe('return_mode', () => {
  const expressions: [string, number, number][] = [
    ['$var(x) = (gives(-3) == -3);', 0, 1],
    ['$var(x) = (gives(5) == 1);', 1, 0],
    ['$var(x) = gives(5) + 2;', 3, 7],
    ['if (gives(-2)) $var(x) = 1; else $var(x) = 2;', 2, 1],
    ['if (gives(-2) < 0) $var(x) = 1; else $var(x) = 2;', 2, 1],
    ['if (!gives(-2)) $var(x) = 1; else $var(x) = 2;', 1, 2],
    ['if (gives(7)) $var(x) = 1; else $var(x) = 2;', 1, 1],
    ['$var(x) = gives(-4);', -4, -4],
  ]
  test.for(expressions)('%s', ([body, usual, raw]) => {
    expect(valueOf('', body)).toBe(usual)
    expect(valueOf('return_mode=1', body)).toBe(raw)
  })
})

function emitted(config: string, ...surfaces: AnyModule[]): string {
  const registry = new Registry()
  for (const surface of [coreSurface, ...surfaces]) registry.add(surface)
  const loaded = load('test.cfg', { read: path => (path === 'test.cfg' ? config : null) })
  const compiled = compile(loaded, registry, { available: [], allowMissing: false })
  expect(diagnosticsText(compiled.diagnostics)).toBe('')
  return compiled.program!.text
}

describe('latency_limit_action', () => {
  const config = (limit: number) =>
    `latency_limit_action=${limit}\nloadmodule "codes"\nrequest_route { if (gives(1)) gives(2); }`

  test('leaves no trace in the text when it is 0', () => {
    expect(emitted(config(0), codes)).not.toMatch(/took|tick/)
  })
  test('tells of slow calls of scripts in other languages, and of no others', () => {
    const { core, lines, message } = stage(
      'latency_limit_action=1500\nloadmodule "codes"\nrequest_route { exit; }',
      codes,
    )
    void core.kemi.find('codes', 'burns')!.call(message(), [])
    expect(lines.at(-1)).toMatch(
      /^alert - action KSR\.codes\.burns\(\.\.\.\) took too long \[\d+ us\]$/,
    )
    const said = lines.length
    core.params.latency_limit_action = 0
    void core.kemi.find('codes', 'burns')!.call(message(), [])
    expect(lines).toHaveLength(said)
  })

  test('takes the time of each action', () => {
    expect(emitted(config(5), codes).match(/took\(/g)).toHaveLength(3)
  })
})

describe('functions that wait sometimes', () => {
  const waits = (module: AnyModule, call: string, params = ''): boolean =>
    emitted(`loadmodule "${module.name}"\n${params}\nrequest_route { ${call}; }`, module).includes(
      'function*',
    )
  const modparam = (module: string, name: string, value: number | string): string =>
    `modparam("${module}", "${name}", ${JSON.stringify(value)})`

  test('wait with so many arguments, or with a parameter', () => {
    expect(waits(codes, 'slowly(1, 2)')).toBe(false)
    expect(waits(codes, 'slowly(1, 2, 3)')).toBe(true)
    expect(waits(codes, 'slowly()', modparam('codes', 'slow', 1))).toBe(true)
  })

  test('ds_is_from_list waits where a name may have to be looked up', () => {
    const file = modparam('dispatcher', 'list_file', '/nowhere')
    const own = dispatcher as AnyModule
    expect(waits(own, 'ds_is_from_list("1")', file)).toBe(false)
    expect(waits(own, 'ds_is_from_list("1", "2", "sip:h")', file)).toBe(true)
    const atEachUse = `${file}\n${modparam('dispatcher', 'ds_dns_mode', 2)}`
    expect(waits(own, 'ds_is_from_list()', atEachUse)).toBe(true)
  })

  test('allow_trusted waits for a database that is not read at start', () => {
    const own = permissions as AnyModule
    const url = modparam('permissions', 'db_url', 'text:///nowhere')
    expect(waits(own, 'allow_trusted()')).toBe(false)
    expect(waits(own, 'allow_trusted()', url)).toBe(true)
    const kept = `${url}\n${modparam('permissions', 'db_mode', 1)}`
    expect(waits(own, 'allow_trusted()', kept)).toBe(false)
  })

  test('check_blocklist waits for another list than that of the start', () => {
    const own = userblocklist as AnyModule
    expect(waits(own, 'check_blocklist()')).toBe(false)
    expect(waits(own, 'check_blocklist("other")')).toBe(true)
    expect(waits(own, 'check_allowlist("other")')).toBe(true)
  })
})
