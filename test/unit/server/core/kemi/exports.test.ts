// KSR has every function that Kamailio's has with these modules, with the same types.
import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { SipMessage } from '../../../../../server/sip/message.ts'
import { EVENT_ROUTE, REQUEST_ROUTE } from '../../../../../server/core/route-bits.ts'
import { SCRIPT_DROP, SCRIPT_RUNNING } from '../../../../../server/core/script-state.ts'
import { absentModule } from '../../../../../server/core/catalogue/absent.ts'
import { knownModule } from '../../../../../server/core/catalogue/catalogue.ts'
import {
  type ExportEnv,
  exportsOf,
  type KemiExport,
} from '../../../../../server/core/kemi/exports.ts'
import type { KemiEngine } from '../../../../../server/core/kemi/kemi.ts'
import { readSignatures } from '../../../../../server/core/kemi/signature.ts'
import { FOLDER, MODULES } from '../../../../compat/kemi/facts.ts'
import { messageText } from '../../../../compat/textops/facts.ts'
import { Bench } from '../../../../kit/bench.ts'
import { received } from '../../../../kit/received.ts'

const load = (names: string[]): string => names.map(name => `loadmodule "${name}.so"\n`).join('')
const quiet = 'debug=-1\nmodparam("jsonrpcs", "transport", 1)\nrequest_route { exit; }\n'
const request = messageText({ name: 'a request', steps: [] })

const message = (): SipMessage => new SipMessage(request, received({}), 1)

const line = ({ module, name, params, returns }: KemiExport): string =>
  `${module === '' ? '' : `${module}.`}${name}(${params.join(', ')}): ${returns}`

test('the functions of KSR are those of Kamailio, and more', async () => {
  const text = readFileSync(`${FOLDER}/exports.json`, 'utf8')
  const { exports: wanted } = JSON.parse(text) as { exports: string[] }
  const bench = await Bench.start(load(MODULES.filter(name => name !== 'ctl')) + quiet)
  const ours = bench.core.kemi.exports().map(line)
  expect(wanted.filter(each => !ours.includes(each))).toEqual([])
  expect(new Set(ours).size).toBe(ours.length)
})

test('how a row of functions says what scripts see', () => {
  expect(readSignatures('lookup(str) lookup_uri(str, int): bool plain kx.get()')).toEqual([
    { name: 'lookup', params: ['str'], returns: null },
    { name: 'lookup_uri', params: ['str', 'int'], returns: 'bool' },
    { name: 'plain', params: null, returns: null },
    { name: 'kx.get', params: [], returns: null },
  ])
})

test('a module that is not here gives functions that fail and say so', async () => {
  const { core, lines } = await Bench.start('request_route { exit; }\n')
  const surface = absentModule(knownModule('erlang')!)
  const instance: unknown = new surface.instance({ core, config: {}, apis: {}, stats: {} })
  const env = { instance: () => instance } as unknown as ExportEnv
  const found = exportsOf(surface, env).find(({ name }) => name === 'erl_send')!
  expect(found.call(message(), [])).toBe(-1)
  expect(lines.at(-1)!.text).toContain('erl_send() fails: module erlang is not here yet')
})

/** An engine whose script has these functions. */
class Script implements KemiEngine {
  readonly name = 'script'
  readonly calls: [string, string][] = []
  private readonly functions: Record<string, (msg: SipMessage) => number>
  constructor(functions: Record<string, (msg: SipMessage) => number>) {
    this.functions = functions
  }
  mayWait(): boolean {
    return false
  }

  has(fn: string): boolean {
    return Object.hasOwn(this.functions, fn)
  }
  call(fn: string, msg: SipMessage, argument: string): number {
    this.calls.push([fn, argument])
    return this.functions[fn]?.(msg) ?? -1
  }
}

async function withScript(
  functions: Record<string, (msg: SipMessage) => number>,
  config = '',
): Promise<{ bench: Bench; script: Script }> {
  const bench = await Bench.start(`${load(['pv', 'sl', 'tm', 'tmx'])}${config}`)
  const script = new Script(functions)
  bench.core.kemi.choose('script')
  bench.core.kemi.register(script)
  return { bench, script }
}

describe('with a script engine', () => {
  test('its functions take the place of the routes', async () => {
    const { bench, script } = await withScript(
      { ksr_request_route: () => 1, ksr_reply_route: () => 1 },
      'request_route { sl_send_reply("500", "not this one"); }\n',
    )
    bench.receive(request)
    bench.receive(messageText({ name: 'a reply', reply: true, steps: [] }))
    expect(script.calls).toEqual([
      ['ksr_request_route', ''],
      ['ksr_reply_route', ''],
    ])
  })

  test('what the script drops is dropped', async () => {
    const { bench } = await withScript({
      ksr_reply_route: msg => {
        void bench.core.kemi.find('', 'set_drop')!.call(msg, [])
        return 1
      },
    })
    bench.receive(messageText({ name: 'a reply', reply: true, steps: [] }))
    expect(bench.sent).toEqual([])
  })

  test('functions arm functions of the script', async () => {
    const { bench, script } = await withScript({
      ksr_request_route: msg => {
        const { kemi } = bench.core
        void kemi.find('tm', 't_on_branch')!.call(msg, ['my_branch'])
        return kemi.find('tm', 't_relay_to_proxy')!.call(msg, ['udp:192.0.2.5:5060']) as number
      },
      my_branch: () => 1,
      ksr_onsend_route: () => 1,
    })
    bench.receive(request)
    const names = script.calls.map(([name]) => name)
    expect(names).toEqual(['ksr_request_route', 'my_branch', 'ksr_onsend_route'])
    expect(bench.sent.some(({ to }) => to.ip === '192.0.2.5')).toBe(true)
  })

  test('kemi.*_callback renames them, none switches them off', async () => {
    const { bench, script } = await withScript(
      { mine: () => 1 },
      'kemi.request_route_callback="mine"\nkemi.reply_route_callback="none"\n',
    )
    bench.receive(request)
    expect(script.calls).toEqual([['mine', '']])
    expect(bench.core.routes.reply).toBeNull()
  })

  test('the core has callbacks of its own', async () => {
    const { bench, script } = await withScript(
      { ksr_request_route: () => 1, before: () => 1, got: () => 1 },
      'received_route_mode=1\nkemi.pre_routing_callback="before"\n' +
        'kemi.received_route_callback="got"\n',
    )
    bench.receive(request)
    expect(script.calls).toEqual([
      ['got', ''],
      ['before', 'core:pre-routing'],
      ['ksr_request_route', ''],
    ])
  })

  test('a callback is told which event it is about', async () => {
    const { bench, script } = await withScript({ on_event: () => 1 })
    const { kemi, routes } = bench.core
    const block = kemi.event('tm:local-request', 'on_event')!
    const msg = message()
    routes.runNow(block, msg, EVENT_ROUTE)
    expect(script.calls).toEqual([['on_event', 'tm:local-request']])
    expect(kemi.event('tm:local-request', '')).toBeNull()
  })
})

describe('without one', () => {
  test('event routes and blocks are those of the config', async () => {
    const bench = await Bench.start(
      'failure_route[F] { exit; }\nevent_route[a:b] { exit; }\nrequest_route { exit; }\n',
    )
    const { kemi, routes } = bench.core
    expect(kemi.event('a:b', 'ignored')).toBe(routes.find('event', 'a:b'))
    expect(kemi.block('failure', 'F')).toBe(routes.find('failure', 'F'))
    expect(kemi.block('failure', 'G')).toBeNull()
  })

  test('a function of a script runs as a block all the same', async () => {
    const bench = await Bench.start('request_route { exit; }\n')
    const { kemi, routes } = bench.core
    const script = new Script({
      f: msg => {
        msg.scriptState = SCRIPT_DROP
        return 7
      },
    })
    kemi.register(script)
    const msg = message()
    expect(kemi.callRoute('f', msg, REQUEST_ROUTE, 'word')).toBe(7)
    expect(routes.ended).toBe(SCRIPT_DROP)
    expect(msg.scriptState).toBe(SCRIPT_RUNNING)
    expect(script.calls).toEqual([['f', 'word']])
    expect(kemi.callRoute('nowhere', msg, REQUEST_ROUTE)).toBe(-1)
  })

  test('what a function refuses is logged, and it fails', async () => {
    const bench = await Bench.start(
      `${load(['textops', 'textopsx', 'tm'])}request_route { exit; }\n`,
    )
    const { kemi } = bench.core
    const msg = message()
    expect(kemi.find('textops', 'search')!.call(msg, ['('])).toBe(-1)
    expect(kemi.find('', 'setflag')!.call(msg, [99])).toBe(false)
    expect(kemi.find('tm', 't_on_failure')!.call(msg, ['nowhere'])).toBe(-1)
    const texts = bench.lines.map(({ text }) => text)
    expect(texts.filter(text => text.includes('KSR.'))).toHaveLength(3)
  })
})
