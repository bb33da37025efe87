// Functions of KSR that wait, in a node: the script stops in the midst of its function, and others
// run meanwhile.
import { setTimeout as pause } from 'node:timers/promises'
import { describe, expect, test } from 'vitest'
import { request, ScriptBench } from '../script-bench.ts'

const TELL = 'function tell(text) { KSR.info(text + "\\n") } '
const id = 'Call-ID script@example.com'
const NO_WAIT = 'it is called out of a function that cannot be left: a callback, a text, the top'

async function settled({ routes }: { routes: { waiting: number } }): Promise<void> {
  do await pause(2)
  while (routes.waiting > 0)
}

async function played(
  text: string,
  requests: readonly string[] = [''],
  routes = '',
): Promise<string[]> {
  const script = await ScriptBench.start('app_jsdt', { 'a.js': TELL + text }, routes)
  return playedBy(script, requests)
}

async function playedBy(script: ScriptBench, requests: readonly string[]): Promise<string[]> {
  const { bench } = script
  bench.lines.length = 0
  for (const each of requests) bench.receive(request('OPTIONS', each))
  await settled(bench.core)
  return bench.lines.map(line => script.short(line.text))
}

/** The text of X-Test is a function of the script. */
const BY_NAME = 'request_route { jsdt_run("$hdr(X-Test)"); xlog("L_INFO", "rc $rc\\n"); }'

describe('a script in JavaScript that waits', () => {
  test('goes on where it stopped, with its variables and its message', async () => {
    const lines = await played(
      `function ksr_request_route() {
        const name = KSR.hdr.get("X-Test")
        tell(name + " in")
        for (let round = 1; round <= 2; round++) {
          const code = KSR.cfgutils.usleep(name === "a" ? 30000 : 5000)
          tell([name, round, code, KSR.hdr.get("X-Test")].join(" "))
        }
        KSR.x.exit()
        tell("never")
      }`,
      ['a', 'b'],
    )
    expect(lines.slice(0, 2)).toEqual(['a in', 'b in'])
    for (const name of ['a', 'b'])
      expect(lines.filter(line => line.startsWith(name))).toEqual([
        `${name} in`,
        `${name} 1 1 ${name}`,
        `${name} 2 1 ${name}`,
      ])
  })

  test('fails behind a wait with file, line and the way there', async () => {
    const script = await ScriptBench.start(
      'app_jsdt',
      {
        'a.ts': `type Nothing = null
class Asker {
  ask(nothing: Nothing): void {
    KSR.cfgutils.usleep(1000)
    nothing!.x
  }
}
const inner = (): void => {
  new Asker().ask(null)
}
function outer() {
  inner()
}
export function ksr_request_route() {
  outer()
}`,
      },
      '',
    )
    expect(await playedBy(script, [''])).toEqual([
      `error executing: ksr_request_route: a.ts:5: TypeError: Cannot read properties of null ` +
        `(reading 'x') (Asker.ask, inner:9, outer:12, ksr_request_route:15); ${id}`,
      'error while trying script',
    ])
  })

  test('ends itself behind a wait, whatever it catches', async () => {
    const lines = await played(
      `function ends() {
        try { KSR.cfgutils.usleep(1000); KSR.x.drop() } catch (e) { } finally { }
        tell("never")
      }
      function throws() { KSR.cfgutils.usleep(1000); throw "boo" }`,
      ['ends', 'throws'],
      BY_NAME,
    )
    expect(lines.toSorted()).toEqual([`error executing: throws: boo; ${id}`, 'rc -1', 'rc 1'])
  })

  test('drops its message behind a wait', async () => {
    const script = await ScriptBench.start(
      'app_jsdt',
      {
        'a.js': `function ksr_request_route() {
          KSR.cfgutils.usleep(1000)
          if (KSR.hdr.get("X-Test") === "drop") KSR.x.drop()
          KSR.sl.sl_send_reply(200, "OK")
        }`,
      },
      '',
    )
    await playedBy(script, ['drop', 'answer'])
    expect(script.bench.sent.map(({ text }) => text.slice(0, 11))).toEqual(['SIP/2.0 200'])
  })

  test('has its message in every function that it calls', async () => {
    const lines = await played(
      `function one(say) { KSR.cfgutils.usleep(1000); say(KSR.hdr.get("X-Test")) }
      function ksr_request_route() {
        for (const say of [tell, text => tell("<" + text + ">")]) one(say)
      }`,
      ['a', 'b'],
    )
    expect(lines.toSorted()).toEqual(['<a>', '<b>', 'a', 'b'])
  })

  test('is waited for by jsdt_run and by KSR.x.modf', async () => {
    const slow = `function slow(name) {
      tell("slow " + name + " " + KSR.x.modf("usleep", "1000"))
      KSR.x.exit()
    }`
    const routes = `request_route {
      jsdt_run("slow", "$hdr(X-Test)"); xlog("L_INFO", "behind $rc\\n"); }`
    expect(await played(slow, ['a'], routes)).toEqual(['slow a 1', 'behind 1'])
  })

  test('awaits promises, and has its message behind them', async () => {
    const lines = await played(
      `async function ask(name) {
        await Promise.resolve()
        if (KSR.cfgutils.usleep(1000) !== 1) return "refused"
        await new Promise(done => done())
        return name + KSR.hdr.get("X-Test")
      }
      async function ksr_request_route() {
        const name = KSR.hdr.get("X-Test")
        tell(await ask(name))
        await Promise.reject(new Error("no " + KSR.hdr.get("X-Test")))
      }`,
      ['a', 'b'],
    )
    const failed = (name: string): string =>
      `error executing: ksr_request_route: a.js:10: Error: no ${name} (ksr_request_route); ${id}`
    const tried = 'error while trying script'
    expect(lines.toSorted()).toEqual(
      ['aa', 'bb', failed('a'), failed('b'), tried, tried].toSorted(),
    )
  })

  test('waits for a route of the config', async () => {
    const script = 'function calls() { tell("route " + KSR.route("SLOW")) }'
    const slow = 'route[SLOW] { usleep("1000"); xlog("L_INFO", "slow\\n"); return 5; }'
    const routes = `${BY_NAME}\n${slow}`
    expect(await played(script, ['calls'], routes)).toEqual(['slow', 'route 5', 'rc 1'])
  })

  test('goes on in the old script when it is reloaded meanwhile', async () => {
    const body = (word: string): string =>
      `${TELL}function ask() { KSR.cfgutils.usleep(20000); return "${word}" }
      function ksr_request_route() { tell(ask() + ask()) }`
    const script = await ScriptBench.start('app_jsdt', { 'a.js': body('old') })
    const { bench } = script
    bench.receive(request('OPTIONS', ''))
    script.write('a.js', body('new'))
    script.rpc('app_jsdt.reload')
    bench.lines.length = 0
    bench.receive(request('OPTIONS', ''))
    await settled(bench.core)
    expect(bench.lines.map(line => script.short(line.text))).toEqual(['oldold', 'newnew'])
  })

  test('holds replies and branches while their functions wait', async () => {
    const script = await ScriptBench.start('app_jsdt', {
      'a.js': `${TELL}
        function ksr_request_route() {
          KSR.tm.t_on_branch("ksr_branch_one")
          KSR.seturi("sip:bob@127.0.0.1:25079")
          KSR.tm.t_relay()
          tell("relayed")
        }
        function ksr_branch_one() {
          KSR.cfgutils.usleep(1000)
          tell("branch " + KSR.pv.get("$ru"))
        }`,
    })
    expect(await playedBy(script, [''])).toEqual(['relayed', 'branch sip:bob@127.0.0.1:25079'])
    expect(script.bench.sent.at(-1)?.text).toContain('OPTIONS sip:bob@127.0.0.1:25079')
  })

  test('holds replies and failures while their functions wait', async () => {
    const script = await ScriptBench.start('app_jsdt', {
      'a.js': `${TELL}
        function ksr_request_route() {
          KSR.tm.t_on_reply("ksr_onreply_one")
          KSR.tm.t_on_failure("ksr_failure_one")
          KSR.seturi("sip:bob@127.0.0.1:25079")
          KSR.tm.t_relay()
        }
        function note(where) {
          KSR.cfgutils.usleep(1000)
          tell(where + " " + KSR.pv.get("$ci"))
        }
        function ksr_reply_route() { note("reply") }
        function ksr_onreply_one() { note("onreply") }
        function ksr_failure_one() {
          note("failure")
          KSR.tm.t_reply(480, "Not now")
        }`,
    })
    await playedBy(script, [''])
    const { bench } = script
    const [relayed] = bench.sent.filter(({ text }) => text.startsWith('OPTIONS'))
    const copied = relayed!.text.split('\r\n').filter(line => /^(Via|From|To|Call|CSeq)/.test(line))
    bench.lines.length = 0
    bench.receive(['SIP/2.0 486 Busy', ...copied, 'Content-Length: 0', '', ''].join('\r\n'), 25079)
    while (!bench.sent.some(({ text }) => text.startsWith('SIP/2.0 480'))) await pause(2)
    expect(bench.lines.map(line => script.short(line.text))).toEqual(
      ['reply', 'onreply', 'failure'].map(where => `${where} script@example.com`),
    )
  })

  test('is refused in an onsend_route, with the words of the routing language', async () => {
    const script = await ScriptBench.start('app_jsdt', {
      'a.js': `${TELL}
        function ksr_request_route() {
          KSR.seturi("sip:bob@127.0.0.1:25079")
          KSR.forward()
        }
        function ksr_onsend_route() { tell("usleep " + KSR.cfgutils.usleep(1000)) }`,
    })
    expect(await playedBy(script, [''])).toEqual([
      'onsend route ksr_onsend_route: a function that waits cannot do so here, and fails',
      'usleep -1',
    ])
  })
})

test('functions that wait with a database only do not without one', async () => {
  const { bench } = await ScriptBench.start('app_jsdt', { 'a.js': '' }, BY_NAME)
  const waits = (module: string, name: string): boolean => bench.core.kemi.find(module, name)!.waits
  expect([
    waits('registrar', 'save'),
    waits('cfgutils', 'usleep'),
    waits('sl', 'send_reply'),
  ]).toEqual([false, true, false])
})

describe('where JavaScript cannot wait', () => {
  test('it is said at load, and fails when it comes to that', async () => {
    const script = await ScriptBench.start(
      'app_jsdt',
      {
        'a.js': `${TELL}
const { usleep } = KSR.cfgutils
const rank = (a, b) => usleep(1000)
function sorts() { tell([2, 1].sort(rank).join()) }`,
      },
      BY_NAME,
    )
    script.bench.lines.length = 0
    script.rpc('app_jsdt.reload')
    expect(script.short(script.bench.lines[0]!.text)).toBe(
      'a.js:4:25: KSR.cfgutils.usleep waits, and sort() cannot wait for a function that it ' +
        'calls: it fails there; ask for each item in a for...of loop first, then sort by what ' +
        'that gave',
    )
    expect(await playedBy(script, ['sorts'])).toEqual([
      `KSR.cfgutils.usleep has to wait and fails: ${NO_WAIT}`,
      '1,2',
      'rc 1',
    ])
  })
})
