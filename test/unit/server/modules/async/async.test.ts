// async: what it refuses, in Kamailio's words; tasks; what becomes of it all when the node stops.
import { afterEach, describe, expect, test } from 'vitest'
import {
  ANY_ROUTE,
  BRANCH_ROUTE,
  EVENT_ROUTE,
  FAILURE_ROUTE,
  ONREPLY_ROUTE,
  ONSEND_ROUTE,
  REQUEST_ROUTE,
} from '../../../../../server/core/route-bits.ts'
import type { Async } from '../../../../../server/modules/async/async.ts'
import surface from '../../../../../server/modules/async/async.module.ts'
import { Bench } from '../../../../kit/bench.ts'
import { request } from '../tm/proxy-for-test.ts'

const MODULES = ['tm', 'tmx', 'sl', 'pv', 'xlog', 'async'].map(name => `loadmodule "${name}.so"\n`)

let bench: Bench | null = null
afterEach(async () => {
  await bench?.host.stop()
  bench = null
})

/** A node whose script has these statements and routes. */
async function node(statements: string, routes = '', ms = 10): Promise<Bench> {
  bench = await Bench.start(
    `${MODULES.join('')}modparam("async", "ms_timer", ${ms})\n` +
      `request_route { ${statements} }\nroute[LATER] { xlog("later\\n"); }\n${routes}`,
  )
  return bench
}

const instance = (): Async => bench!.host.instance('async') as Async
const turn = (): Promise<void> => new Promise(later => setImmediate(() => setImmediate(later)))

describe('is refused', () => {
  test.for([
    ['async_route("LATER", "0");', 'negative or zero sleep time (0)'],
    ['$var(n) = 0 - 1; async_route("LATER", "$var(n)");', 'negative or zero sleep time (-1)'],
    ['async_route("LATER", "101");', 'max sleep time is 100 sec (101)'],
    ['async_route("NOPE", "1");', 'route block not found: NOPE'],
    ['async_ms_route("NOPE", "1");', 'route block not found: NOPE'],
    ['async_ms_route("LATER", "0");', 'negative or zero sleep time (0)'],
    ['async_ms_route("LATER", "40000");', 'max sleep time is 30000 msec'],
    ['async_sleep("0");', 'negative or zero sleep time (0)'],
    ['async_ms_sleep("30001");', 'max sleep time is 30000 msec'],
    ['async_task_route("NOPE");', 'route block not found: NOPE'],
    ['async_task_data("NOPE", "x");', 'route block not found: NOPE'],
  ])('%s', async ([statement, text]) => {
    const own = await node(`${statement} xlog("rc $rc\\n");`)
    expect(own.logged(request('OPTIONS', 'bob'))).toEqual([text, '<script>: rc -1'])
    expect(instance().sleepers.size).toBe(0)
  })

  test.for(['async_ms_route("LATER", "10");', 'async_ms_sleep("10");'])(
    '%s without ms_timer',
    async statement => {
      const own = await node(`${statement} xlog("rc $rc\\n");`, '', 0)
      const text = 'async timer list not initialized - check modparams'
      expect(own.logged(request('OPTIONS', 'bob'))).toEqual([text, '<script>: rc -1'])
    },
  )
})

describe('a task', () => {
  test('runs when the script has ended, about nothing, and knows its data', async () => {
    const own = await node(
      'async_task_group_data("DATA", "g1", "of $rU"); xlog("first [$async(data)]\\n"); exit;',
      'route[DATA] { xlog("$async(data) $async(gname) $async(other) $rm $ru\\n"); }',
    )
    expect(own.logged(request('OPTIONS', 'bob'))).toEqual(['<script>: first [<null>]'])
    await turn()
    const [last] = own.lines.slice(-1)
    expect(last!.text).toBe('<script>: of bob g1 <null> OPTIONS sip:you@kamailio.org')
    expect([instance().data, instance().group]).toEqual([null, null])
  })

  test('goes on with a request that was set aside', async () => {
    const own = await node('async_task_route("ANSWER");', 'route[ANSWER] { t_reply("480", "x"); }')
    own.receive(request('OPTIONS', 'bob'))
    expect(own.sent).toEqual([])
    await turn()
    expect(own.sent.map(({ text }) => text.slice(0, 13))).toEqual(['SIP/2.0 480 x'])
  })

  test('is one of many', async () => {
    const own = await node('async_task_data("LATER", "1"); async_task_data("LATER", "2"); exit;')
    own.receive(request('OPTIONS', 'bob'))
    await turn()
    expect(own.lines.filter(line => line.text === '<script>: later').length).toBe(2)
  })
})

test('the script may go on behind a function that names a route', async () => {
  bench = await Bench.start(
    `${MODULES.join('')}modparam("async", "return", 1)
request_route { async_route("LATER", "5"); xlog("rc $rc\\n"); exit; }
route[LATER] { exit; }`,
  )
  expect(bench.logged(request('OPTIONS', 'bob'))).toEqual(['<script>: rc 1'])
  expect(instance().sleepers.size).toBe(1)
})

test('nothing goes on in a node that has stopped', async () => {
  const own = await node('if ($rU == "task") async_task_route("LATER"); async_sleep("1"); exit;')
  own.receive(request('OPTIONS', 'bob'))
  own.receive(request('OPTIONS', 'task', { callId: 'c2', branch: 'z9hG4bK-2' }))
  expect(instance().sleepers.size).toBe(1)
  await own.host.stop()
  await turn()
  expect(instance().sleepers.size).toBe(0)
  expect(own.lines.map(line => line.text)).not.toContain('<script>: later')
})

test('functions stand where Kamailio lets them', () => {
  const rows = Object.entries(surface.functions!)
  const suspending = REQUEST_ROUTE | EVENT_ROUTE | FAILURE_ROUTE
  for (const [name, { routes }] of rows) {
    const data = name.endsWith('_data')
    expect([name, routes & suspending]).toEqual([name, suspending])
    const others = BRANCH_ROUTE | ONREPLY_ROUTE | ONSEND_ROUTE
    expect([name, routes & others]).toEqual([name, data ? ANY_ROUTE & others : 0])
  }
})
