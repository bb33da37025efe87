// What nobody should send, and what comes in great numbers.
import { expect, test } from 'vitest'
import { ALICE, BOB, CALL, CallBench, ROUTES } from './call-bench.ts'

const gone = (node: CallBench): void => {
  expect(node.dialogs.table.size).toBe(0)
  expect(node.count('active_dialogs')).toBe(0)
  expect(node.count('early_dialogs')).toBe(0)
  expect(node.bench.lines.filter(({ level }) => level <= -4)).toEqual([])
}

test.for([
  ['none', []],
  ['a star', [['Contact', '*']]],
  ['two', [['Contact', '<sip:a@10.0.0.1>, <sip:b@10.0.0.2>']]],
  ['an open bracket', [['Contact', '<sip:a@10.0.0.1']]],
  ['empty', [['Contact', '']]],
] as const)(
  'an INVITE with a Contact that is no good (%s) begins no dialog',
  async ([, headers]) => {
    const node = await CallBench.start()
    node.request(ALICE, 'INVITE', 'c', { headers: headers.map(([name, value]) => [name, value]) })
    expect(node.heard(BOB).length).toBe(1)
    gone(node)
  },
)

test.for([
  ['none', []],
  ['a star', [['Contact', '*']]],
  ['no URI', [['Contact', '<\x01\x02garbage>']]],
  ['two', [['Contact', '<sip:a@10.0.0.1>, <sip:b@10.0.0.2>']]],
] as const)('a 200 with a Contact that is no good (%s) is ended all the same', async ([, bad]) => {
  const node = await CallBench.start(undefined, { send_bye: 1, default_timeout: 10 })
  node.request(ALICE, 'INVITE', 'c')
  const headers = bad.map(([name, value]): [string, string] => [name, value])
  node.reply(BOB, node.one(BOB, 'INVITE'), 200, 'b', headers)
  expect(node.count('active_dialogs')).toBe(1)
  node.pass(11)
  expect(node.heard(ALICE).map(({ method }) => method)).toContain('BYE')
  node.pass(400)
  gone(node)
})

test('a callee without a tag is ended as well', async () => {
  const node = await CallBench.start(undefined, { default_timeout: 10 })
  node.request(ALICE, 'INVITE', 'c')
  const invite = node.one(BOB, 'INVITE')
  const headers = invite.headers.filter(([name]) => name !== 'Max-Forwards')
  node.send(BOB, 'SIP/2.0 200 OK', headers)
  node.pass(400)
  gone(node)
})

const cookies = [
  '',
  '.',
  '1',
  'zz.1',
  '1.zz',
  '1.',
  '.1',
  '123456789.1',
  'ffffffff.ffffffff',
  '\xff',
]

test.for([0, 1])('forged names of dialogs do nothing in mode %i', async mode => {
  const node = await CallBench.start(undefined, { dlg_match_mode: mode })
  node.talk('c')
  const seen = (): string => {
    const { state, ref, dflags, iflags, timeout, legs } = node.dialog
    return JSON.stringify({ state, ref, dflags, iflags, timeout, legs })
  }
  const before = seen()
  for (const cookie of cookies) {
    const headers: [string, string][] = [['Route', `<sip:127.0.0.1:25070;lr;did=${cookie}>`]]
    node.request(ALICE, 'BYE', 'other', { tags: ['a', 'b'], headers })
    node.request(BOB, 'BYE', 'c', { tags: ['x', 'y'], headers })
  }
  expect(seen()).toBe(before)
  node.pass(10)
  expect(node.dialogs.table.size).toBe(1)
})

test("the name of another call's dialog does not end that", async () => {
  const node = await CallBench.start()
  const headers = node.talk('c')
  node.request(ALICE, 'BYE', 'other', { tags: ['a', 'b'], headers })
  node.request(ALICE, 'BYE', 'c', { tags: ['a', 'x'], headers })
  node.request(ALICE, 'BYE', 'c', { tags: ['b', 'b'], headers })
  expect(node.dialog.state).toBe(4)
  expect(node.log.filter(line => line.startsWith('tight matching failed'))).toHaveLength(3)
})

test('a request with the name of a dialog of another node goes on its way', async () => {
  const node = await CallBench.start()
  const headers: [string, string][] = [['Route', '<sip:127.0.0.1:25070;lr;did=76f.a6a1>']]
  node.request(ALICE, 'INFO', 'c', { tags: ['a', 'b'], headers })
  expect(node.heard(BOB).map(({ method }) => method)).toEqual(['INFO'])
  expect(node.log.join()).toContain("unable to find dialog for INFO with route param '76f.a6a1'")
})

test('a name is never taken twice, however numbers come round', async () => {
  const node = await CallBench.start(undefined, { hash_size: 1, detect_spirals: 0 })
  for (let call = 0; call < 20; call++) {
    // As if numbers had come round to the first one.
    if (call > 0) Object.assign(node.dialogs.table, { nextIds: [node.dialogs.table.all()[0]!.id] })
    node.request(ALICE, 'INVITE', `c${call}`)
  }
  const ids = node.dialogs.table.all().map(({ id }) => id)
  expect(new Set(ids).size).toBe(20)
})

test('thousands of calls that nobody ends are over in the end, and nothing is left', async () => {
  const node = await CallBench.start(undefined, { default_timeout: 3600, send_bye: 1 })
  const armed = node.bench.core.timers.armedCount
  const calls = Number(process.env.DIALOGS ?? 1000)
  for (let call = 0; call < calls; call++) node.talk(`c${call}`)
  expect(node.count('active_dialogs')).toBe(calls)
  expect(new Set(node.dialogs.table.all().map(({ entry, id }) => `${entry}.${id}`)).size).toBe(
    calls,
  )
  node.pass(3650)
  expect(node.heard(BOB).filter(({ method }) => method === 'BYE').length).toBeGreaterThan(calls)
  node.pass(60)
  gone(node)
  expect(node.count('expired_dialogs')).toBe(calls)
  expect(node.bench.core.timers.armedCount).toBe(armed)
})

test('a script that ends without sending the INVITE leaves no dialog', async () => {
  const routes = `${ROUTES}route[CALL] { dlg_manage(); sl_send_reply("403", "No"); exit; }\n`
  const node = await CallBench.start(routes)
  node.request(ALICE, 'INVITE', 'c')
  expect(node.one(ALICE, ' 403 ').status).toBe(403)
  expect(node.count('processed_dialogs')).toBe(1)
  gone(node)
})

test('a BYE that is sent nowhere leaves no dialog', async () => {
  const routes = ROUTES.replace('loose_route();', 'loose_route(); if (is_method("BYE")) exit;')
  const node = await CallBench.start(routes + CALL)
  const headers = node.talk('c')
  node.request(BOB, 'BYE', 'c', { tags: ['b', 'a'], headers })
  gone(node)
})
