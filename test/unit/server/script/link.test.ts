import { describe, expect, it } from 'vitest'
import {
  BadValue,
  defineModule,
  fn,
  format,
  int,
  keyed,
  lazyFormat,
  optional,
  parsed,
  type PvHandle,
  type RouteBlock,
  route,
  variable,
  writablePvar,
} from '../../../../server/core/module/index.ts'
import { ANY_ROUTE, REQUEST_ROUTE } from '../../../../server/core/route-bits.ts'
import type { RouteEnd } from '../../../../server/core/routes.ts'
import { SCRIPT_RUNNING } from '../../../../server/core/script-state.ts'
import type { SipMessage } from '../../../../server/sip/message.ts'
import { stage } from '../../../kit/script-stage.ts'

/** Remembers what it was called with. */
class Probe {
  readonly calls: unknown[][] = []
  readonly values = new Map<string, string | number>()
}

const note = (self: Probe, _msg: SipMessage, ...args: unknown[]): number => {
  self.calls.push(args)
  return 1
}

function even(text: string): number {
  if (!/^\d*[02468]$/.test(text)) throw new BadValue(`${text} is not even`, 'add one')
  return Number(text)
}

const probe = defineModule({
  name: 'probe',
  doc: 'A module of this test.',
  needs: {},
  params: {},
  instance: Probe,
  functions: {
    take: fn({
      doc: 'Any text and a number.',
      args: [format('text'), optional(int('number'))],
      routes: ANY_ROUTE,
      run: note,
    }),
    even: fn({
      doc: 'An even number.',
      args: [parsed('number', even)],
      routes: ANY_ROUTE,
      run: note,
    }),
    later: fn({
      doc: 'A text that is asked for.',
      args: [lazyFormat('text')],
      routes: ANY_ROUTE,
      run: (self: Probe, msg, text) => note(self, msg, text(msg)),
    }),
    put: fn({
      doc: 'Gives a variable a value.',
      args: [writablePvar('variable')],
      routes: ANY_ROUTE,
      run: (_self: Probe, msg, handle: PvHandle) => {
        handle.set?.(msg, 'put')
        return 1
      },
    }),
    arm: fn({
      doc: 'Takes a block.',
      args: [route('block', 'failure')],
      routes: REQUEST_ROUTE,
      run: (self: Probe, msg, block: RouteBlock | null) => note(self, msg, block?.name ?? null),
    }),
    answer: fn({
      doc: 'This code.',
      args: [int('code')],
      routes: ANY_ROUTE,
      run: (_s, _m, n) => n,
    }),
    slow: fn({
      doc: 'The code, later.',
      args: [int('code')],
      routes: ANY_ROUTE,
      waits: true,
      run: (_s, _m, n) => Promise.resolve(n),
    }),
  },
  pvars: {
    p: keyed({
      doc: 'A value by name.',
      parse: name => (name.includes('!') ? fail(name) : name.toUpperCase()),
      get: (self: Probe, _msg, name) => self.values.get(name) ?? null,
      set: (self: Probe, _msg, value, name) => void self.values.set(name, value ?? ''),
    }),
    fixed: variable({ doc: 'Five.', get: () => 5 }),
    vn: variable({ doc: 'Nothing.', get: () => null }),
    var: keyed({ doc: 'A slot.', get: () => null, set: () => undefined }),
  },
})

function fail(name: string): never {
  throw new BadValue(`${name} has no place here`)
}

function run(
  body: string,
  more = '',
): { self: Probe; msg: SipMessage; lines: string[]; rc: number | Promise<RouteEnd> } {
  const config = `#!KAMAILIO\nloadmodule "probe.so"\nrequest_route { ${body} }\n${more}`
  const made: Probe[] = []
  class Kept extends Probe {
    constructor() {
      super()
      made.push(this)
    }
  }
  const { core, lines, message } = stage(config, { ...probe, instance: Kept })
  const msg = message()
  const rc = core.routes.run(core.routes.request!, msg, REQUEST_ROUTE)
  return { self: made[0]!, msg, lines, rc }
}

const callsOf = (body: string, more?: string): unknown[][] => run(body, more).self.calls

describe('arguments reach the function', () => {
  it.each<[string, unknown[]]>([
    ['take("a");', ['a']],
    ['take("a", 5);', ['a', 5]],
    ['take("a", "0x10");', ['a', 16]],
    ['take("a", "$fixed");', ['a', 5]],
    ['take("a", $fixed + 1);', ['a', 6]],
    ['take("<$fixed>$$");', ['<5>$']],
    ['take("$p(none)");', ['<null>']],
    ['take($p(none));', ['']],
    ['take("a" + 1 + $fixed);', ['a15']],
    ['take(7);', ['7']],
    ['even("4");', [4]],
    ['$p(x) = "8"; even("$p(x)");', [8]],
    ['later("$fixed!");', ['5!']],
    ['put("$p(x)"); take($p(x));', ['put']],
    ['put("$var(x)"); take($var(x));', ['put']],
    ['arm("F");', ['F']],
    ['arm("0");', [null]],
    ['$p(x) = "F"; arm("$p(x)");', ['F']],
  ])('%s', (body, args) => {
    expect(callsOf(body, 'failure_route[F] { ; }').at(-1)).toEqual(args)
  })

  it('fails a call whose argument is malformed only now', () => {
    const { self, msg } = run('$p(x) = "7"; even("$p(x)");')
    expect(self.calls).toEqual([])
    expect(msg.rc).toBe(-1)
  })

  it.each([
    ['even("7");', '7 is not even'],
    ['take($p(a!b));', 'a!b has no place here'],
    ['take("$p");', 'needs a name'],
    ['take("$fixed(x)");', 'takes no name'],
    ['put("$fixed");', 'cannot be assigned'],
    ['take("a", "b");', 'must be a number'],
  ])('refuses %s at load', (body, why) => {
    expect(() => run(body)).toThrow(why)
  })
})

describe('names that are put together', () => {
  it('are read per access', () => {
    expect(callsOf('$var(n) = "k"; $p($var(n)) = "v"; take("$p(k)");')).toEqual([['v']])
  })

  it('are nothing when they are no names', () => {
    expect(callsOf('$var(n) = "!"; $p($var(n)) = "v"; take("$p($var(n))");')).toEqual([['<null>']])
  })
})

describe('the end of a script', () => {
  it('comes when a function returns 0, wherever it is called', () => {
    expect(callsOf('answer(0); take("after");')).toEqual([])
    expect(callsOf('if (answer(0)) ; take("after");')).toEqual([])
    expect(callsOf('$var(x) = answer(0); take("after");')).toEqual([])
    expect(callsOf('while (!answer(0)) ; take("after");')).toEqual([])
    expect(callsOf('switch (answer(0)) { case 0: take("in"); } take("after");')).toEqual([])
  })

  it('goes through all routes', () => {
    const more = 'route[A] { route(B); take("a"); }\nroute[B] { exit; }'
    expect(callsOf('route(A); take("after");', more)).toEqual([])
  })

  it('is told by the state: exit, drop, or none', () => {
    const states = ['exit;', 'drop;', 'return;'].map(body => {
      const { core, message } = stage(`request_route { ${body} }`)
      void core.routes.run(core.routes.request!, message(), REQUEST_ROUTE)
      return core.routes.ended
    })
    expect(states).toEqual([1, 2, 0])
  })
})

describe('routes that wait', () => {
  const more = 'route[A] { slow(3); take("a"); return 4; }\nroute[B] { return 5; }'

  it('are promises, and go on when what they wait for is there', async () => {
    const { self, rc } = run('$var(x) = route(A); take("x$var(x)"); route(B);', more)
    expect(rc).toBeInstanceOf(Promise)
    expect(await rc).toEqual({ code: 5, ended: SCRIPT_RUNNING })
    expect(self.calls).toEqual([['a'], ['x4']])
  })

  it('see the code that they waited for', async () => {
    const { self, rc } = run('if (slow(-1)) take("yes"); else take("$rc"); slow(0); take("no");')
    await rc
    expect(self.calls).toEqual([['-1']])
  })

  it('leave the others as they are', () => {
    expect(run('route(B);', more).rc).toBe(5)
  })
})

describe('what has no end', () => {
  it('a loop is left after max_while_loops rounds', () => {
    const { self, lines } = run('while (1) $var(i) = $var(i) + 1; take("$var(i)");')
    expect(self.calls).toEqual([['100']])
    expect(lines.join()).toContain('runaway while: more then 100 loops at test.cfg:3')
  })

  it('a recursion is left after max_recursive_level calls', () => {
    const { self, lines } = run('route(A); take("back");', 'route[A] { route(A); }')
    expect(self.calls).toEqual([['back']])
    expect(lines.join()).toContain('too many recursive routing table lookups')
  })
})

describe('formats of parameters and replies', () => {
  const { core, message } = stage('request_route { ; }', probe)

  it('are functions of the message', () => {
    expect(core.formats.compile('a $fixed $$ $p(x)')(message())).toBe('a 5 $ <null>')
    expect(core.formats.compile('')(message())).toBe('')
  })

  it('give and take variables', () => {
    const handle = core.formats.pvar('$p(x)')
    handle.set!(message(), 'v')
    expect(handle.get(message())).toBe('v')
    expect(core.formats.pvar('$fixed').set).toBeNull()
  })

  it.each(['$nope', '$', '$(fixed', '$p', '$p(a!b)', '$(fixed{no.such})'])('refuse %s', text => {
    expect(() => core.formats.compile(text)).toThrow(BadValue)
    expect(() => core.formats.compile(text)).toThrow(BadValue)
    expect(() => core.formats.pvar(text)).toThrow(BadValue)
  })
})
