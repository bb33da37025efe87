import { describe, expect, it } from 'vitest'
import {
  defineModule,
  fn,
  format,
  int,
  restFn,
  type RouteBlock,
} from '../../../../server/core/module/index.ts'
import { ANY_ROUTE, FAILURE_ROUTE, REQUEST_ROUTE } from '../../../../server/core/route-bits.ts'
import { Receiver } from '../../../../server/core/receive.ts'
import type { RouteEnd } from '../../../../server/core/routes.ts'
import { SCRIPT_DROP, SCRIPT_EXIT, SCRIPT_RUNNING } from '../../../../server/core/script-state.ts'
import { CoreStatistics } from '../../../../server/core/statistics.ts'
import type { SipMessage } from '../../../../server/sip/message.ts'
import pv from '../../../../server/modules/pv/pv.module.ts'
import { stage } from '../../../kit/script-stage.ts'

type Gate = { open: (code: number) => void; fail: (error: Error) => void }

/** A module whose function waits until the test opens its gate. */
class Gates {
  readonly gates = new Map<string, Gate>()
  readonly said: string[] = []
  /** What was put aside. */
  readonly rests: (RouteBlock | null)[] = []

  wait(name: string): Promise<number> {
    return new Promise((open, fail) => this.gates.set(name, { open, fail }))
  }
}

function world(config: string) {
  const made: Gates[] = []
  class Kept extends Gates {
    constructor() {
      super()
      made.push(this)
    }
  }
  const surface = defineModule({
    name: 'gates',
    doc: 'A module of this test.',
    needs: {},
    params: {},
    instance: Kept,
    functions: {
      wait_for: fn({
        doc: 'The code with which the test opens the gate.',
        args: [format('gate')],
        routes: ANY_ROUTE,
        waits: true,
        run: (self: Gates, _msg, name) => self.wait(name),
      }),
      lie_down: restFn({
        doc: 'Ends the run here; the test has the rest.',
        args: [],
        routes: ANY_ROUTE,
        kemi: '',
        run: (self: Gates, _msg, rest) => {
          self.rests.push(rest)
          return rest === null ? -1 : 0
        },
      }),
      at_once: fn({
        doc: 'Might wait, and does not.',
        args: [int('code')],
        routes: ANY_ROUTE,
        waits: true,
        run: (_self, _msg, code) => code,
      }),
      say: fn({
        doc: 'Notes a text with the route type and the message that is running.',
        args: [format('text')],
        routes: ANY_ROUTE,
        run: (self: Gates, msg, text) => {
          const { current } = core.routes
          self.said.push(`${text} ${msg.routeType} ${current === msg ? 'current' : 'lost'}`)
          return 1
        },
      }),
      break_down: fn({
        doc: 'Throws.',
        args: [],
        routes: ANY_ROUTE,
        run: () => {
          throw new Error('broken')
        },
      }),
    },
  })
  const { core, lines, message } = stage(config, pv, surface)
  const self = made[0]!
  const run = (msg: SipMessage = message()): number | Promise<RouteEnd> =>
    core.routes.run(core.routes.request!, msg, REQUEST_ROUTE)
  return { core, lines, message, self, run }
}

const open = (self: Gates, name: string, code: number): void => self.gates.get(name)!.open(code)
/** Lets everything go on that can. */
const settle = (): Promise<void> => new Promise(later => setImmediate(later))

const WAITS = `loadmodule "gates.so"
request_route { say("before"); if (wait_for("a")) say("yes"); else say("no"); exit; }`

describe('a route that is put aside', () => {
  it('goes on to the end of the braces, as another kind of route', () => {
    const { core, self, run, message } = world(`loadmodule "gates.so"
request_route {
  while ($var(i) < 3) { say("round $var(i)"); lie_down(); $var(i) = $var(i) + 1; say("up"); }
  say("end"); return 5;
}`)
    const msg = message()
    expect(run(msg)).toBe(0)
    expect([core.routes.ended, core.routes.waiting]).toEqual([SCRIPT_EXIT, 0])
    void core.routes.run(self.rests.shift()!, msg, FAILURE_ROUTE)
    expect(self.said).toEqual(['round 0 1 current', `up ${FAILURE_ROUTE} current`])
    expect(self.rests).toEqual([])
  })

  it('is put aside again by its rest, in which it may also wait', async () => {
    const { core, self, run, message } = world(`loadmodule "gates.so"
request_route { lie_down(); say("one"); wait_for("a"); lie_down(); say("two"); return 5; }`)
    const msg = message()
    expect(run(msg)).toBe(0)
    const end = core.routes.run(self.rests.shift()!, msg, FAILURE_ROUTE)
    open(self, 'a', 1)
    expect(await end).toEqual({ code: 0, ended: SCRIPT_EXIT })
    expect(core.routes.run(self.rests.shift()!, msg, FAILURE_ROUTE)).toBe(5)
    expect(self.said).toEqual([`one ${FAILURE_ROUTE} current`, `two ${FAILURE_ROUTE} current`])
  })

  it('goes on with the cases into which its own falls', () => {
    const { core, self, run, message } = world(`loadmodule "gates.so"
request_route {
  switch (1) {
    case 1: lie_down();
    case 2: say("two");
    case 3: say("three"); break;
    default: say("default");
  }
  say("end");
}`)
    const msg = message()
    void run(msg)
    expect(core.routes.run(self.rests.shift()!, msg, FAILURE_ROUTE)).toBe(0)
    const told = [`two ${FAILURE_ROUTE} current`, `three ${FAILURE_ROUTE} current`]
    expect(self.said).toEqual(told)
  })

  it('is not put aside where nothing stands behind, or not in the same braces', () => {
    const { self, run } = world(`loadmodule "gates.so"
request_route {
  if (1 == 1) { say("x"); lie_down(); }
  if (1 == 1) lie_down();
  if (lie_down()) say("never");
  $var(x) = lie_down();
  say("x"); lie_down();
}`)
    expect(run()).toBe(-1)
    expect(self.rests).toEqual([null, null, null, null, null])
  })
})

describe('a route that waits', () => {
  it('goes on where it stopped, with the code that it waited for', async () => {
    const { core, self, run } = world(WAITS)
    const end = run()
    expect(end).toBeInstanceOf(Promise)
    expect(self.said).toEqual(['before 1 current'])
    expect([core.routes.current, core.routes.waiting]).toEqual([null, 1])
    open(self, 'a', -1)
    expect(await end).toEqual({ code: 1, ended: SCRIPT_EXIT })
    expect(self.said).toEqual(['before 1 current', 'no 1 current'])
    expect([core.routes.current, core.routes.waiting]).toEqual([null, 0])
  })

  it('is a route like any other when there is nothing to wait for', () => {
    const { core, self, run } = world(`loadmodule "gates.so"
request_route { at_once(1); say("x"); drop; }`)
    expect(run()).toBe(0)
    expect(core.routes.ended).toBe(SCRIPT_DROP)
    expect(self.said).toEqual(['x 1 current'])
  })

  it('lets other messages pass, each with what is its own', async () => {
    const { core, self, run, message } = world(`loadmodule "gates.so"
request_route { say("$ci in"); wait_for("$ci"); say("$ci out"); return 7; }`)
    const first = message('first')
    const second = message('second')
    const ends = [run(first), run(second)]
    expect([first.routeType, first.scriptState]).toEqual([0, 0])
    open(self, 'second', 1)
    await settle()
    open(self, 'first', 1)
    for (const end of ends) expect(await end).toEqual({ code: 7, ended: SCRIPT_RUNNING })
    expect(self.said).toEqual([
      'first in 1 current',
      'second in 1 current',
      'second out 1 current',
      'first out 1 current',
    ])
    expect(core.routes.current).toBeNull()
  })

  it('waits in routes that it calls, by name or not, and in blocks of expressions', async () => {
    const { self, run } = world(`loadmodule "gates.so"
request_route {
  route(A);
  $var(r) = "A"; route($var(r));
  $var(r) = "B"; route($var(r));
  if ({ wait_for("c"); }) say("block");
}
route[A] { if (wait_for("a")) say("a"); return 1; }
route[B] { say("b"); return 1; }`)
    const end = run()
    open(self, 'a', 1)
    await settle()
    open(self, 'a', 2)
    await settle()
    open(self, 'c', 1)
    expect(await end).toMatchObject({ code: 1 })
    expect(self.said.map(text => text.split(' ')[0])).toEqual(['a', 'a', 'b', 'block'])
  })

  it('counts the depth of its own calls only', async () => {
    const { self, run, lines } = world(`loadmodule "gates.so"
max_recursive_level=4
request_route { route(A); }
route[A] { if ($rU != "end") { wait_for("$ci"); route(A); } }`)
    const ends = []
    for (let i = 0; i < 10; i++) ends.push(run())
    expect(lines).toEqual([])
    for (let round = 0; round < 4; round++) {
      open(self, 'stage', 1)
      await settle()
    }
    expect(lines.filter(line => line.includes('too many recursive'))).toHaveLength(1)
    expect(ends).toHaveLength(10)
  })

  it('keeps the values that it chose for itself', async () => {
    const { core, self, run, message } = world(`loadmodule "gates.so"
g.v = 0
request_route {
  if ($ci == "first") cfg_select("g", 1);
  say("$sel(cfg_get.g.v)"); wait_for("$ci"); say("$sel(cfg_get.g.v)");
}`)
    const variable = {
      group: 'g',
      name: 'v',
      kind: 'int',
      doc: '',
      default: 0,
      live: true,
    } as const
    core.cfg.declare(variable, { v: 0 })
    core.cfg.set('g', 'v', 7, 1)
    const ends = [run(message('first')), run(message('second'))]
    open(self, 'second', 1)
    await settle()
    open(self, 'first', 1)
    for (const end of ends) await end
    expect(self.said.map(text => text[0])).toEqual(['7', '0', '0', '7'])
  })

  it('keeps a statement that failed to itself', async () => {
    const { self, run } = world(`loadmodule "gates.so"
request_route {
  if ($ci == "first") { if (1 / $var(nil) + wait_for("a") == 1) say("no"); else say("failed"); }
  else if ($var(nil) == 0) say("unharmed");
}`)
    const end = run(world(WAITS).message('first'))
    void run(world(WAITS).message('second'))
    open(self, 'a', 1)
    await end
    expect(self.said).toEqual(['unharmed 1 current', 'failed 1 current'])
  })
})

describe('what goes wrong behind a wait', () => {
  it('is logged with the Call-ID, and the route ends as dropped', async () => {
    const { core, lines, self, run } = world(`loadmodule "gates.so"
request_route { wait_for("a"); break_down(); }`)
    const end = run()
    open(self, 'a', 1)
    expect(await end).toEqual({ code: -1, ended: SCRIPT_DROP })
    expect(lines.join()).toMatch(/in request route.*\(Call-ID stage\): Error: broken/)
    expect([core.routes.current, core.routes.waiting]).toEqual([null, 0])
  })

  it('makes the function fail when it is what was waited for', async () => {
    const { lines, self, run } = world(WAITS)
    const end = run()
    self.gates.get('a')!.fail(new Error('no answer'))
    expect(await end).toEqual({ code: 1, ended: SCRIPT_EXIT })
    expect(self.said.at(-1)).toBe('no 1 current')
    expect(lines.join()).toContain('Error: no answer')
  })
})

describe('where nobody can wait', () => {
  it('the function fails at once and the log says so', async () => {
    const { core, lines, message, self } = world(WAITS)
    const code = core.routes.runNow(core.routes.request!, message(), REQUEST_ROUTE)
    expect([code, core.routes.ended]).toEqual([1, SCRIPT_EXIT])
    expect(self.said).toEqual(['before 1 current', 'no 1 current'])
    expect(lines).toEqual(['request route : a function that waits cannot do so here, and fails'])
    // What it would have waited for may fail without anybody hearing of it.
    self.gates.get('a')!.fail(new Error('late'))
    await settle()
    expect(lines).toHaveLength(1)
  })
})

describe('the way of a message', () => {
  it('goes on behind the script when that has ended', async () => {
    const { core, self, message } = world(WAITS)
    const order: string[] = []
    core.hooks.addPreRequest(() => order.push('pre') > 0)
    core.hooks.addPostRequest(() => order.push('post') > 0)
    const msg = message()
    new Receiver(core, new CoreStatistics(core.counters)).receive(msg.raw, msg.received)
    expect(order).toEqual(['pre'])
    open(self, 'a', 1)
    await settle()
    expect(order).toEqual(['pre', 'post'])
  })

  it('survives a hook that breaks behind a script that waited', async () => {
    const { core, lines, self, message } = world(WAITS)
    core.hooks.addPostRequest(() => {
      throw new Error('hook')
    })
    const msg = message()
    new Receiver(core, new CoreStatistics(core.counters)).receive(msg.raw, msg.received)
    open(self, 'a', 1)
    await settle()
    expect(lines.join()).toContain('Error: hook')
  })

  it('a reply waits for its route, which may drop it', async () => {
    const { core, self, message } = world(`loadmodule "gates.so"
request_route { exit; }
reply_route { if (wait_for("$ci")) drop; }`)
    const forwarded: string[] = []
    core.hooks.onReply = msg => forwarded.push(msg.callId) > 0
    const receiver = new Receiver(core, new CoreStatistics(core.counters))
    for (const id of ['dropped', 'passed']) {
      const { raw, received } = message(id)
      receiver.receive(raw.replace(/^OPTIONS \S+ SIP\/2\.0/, 'SIP/2.0 200 OK'), received)
    }
    expect(forwarded).toEqual([])
    open(self, 'dropped', 1)
    open(self, 'passed', -1)
    await settle()
    expect(forwarded).toEqual(['passed'])
  })

  it('forgets an error that left a route unfinished', () => {
    const { core, message } = world(`loadmodule "gates.so"
request_route { break_down(); }`)
    const msg = message()
    new Receiver(core, new CoreStatistics(core.counters)).receive(msg.raw, msg.received)
    expect([core.routes.current, core.routes.home]).toEqual([null, null])
  })
})
