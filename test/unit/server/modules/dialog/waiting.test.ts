// Routes that wait while a call goes on: nothing is lost of it, and nothing is left.
import { expect, test } from 'vitest'
import { ALICE, BOB, CALL, CallBench, ROUTES, routesIn } from './call-bench.ts'

const later = (): Promise<void> => new Promise(go => setImmediate(go))

async function pass(node: CallBench, seconds: number): Promise<void> {
  for (let second = 0; second < seconds; second++) {
    node.pass(1)
    await later()
  }
}

const INVITE = [
  `INVITE sip:bob@127.0.0.1:${BOB} SIP/2.0`,
  [
    ['Via', `SIP/2.0/UDP 127.0.0.1:${ALICE};branch=z9hG4bKsame`],
    ['From', '<sip:alice@example.net>;tag=a'],
    ['To', '<sip:bob@example.net>'],
    ['Call-ID', 'c'],
    ['CSeq', '1 INVITE'],
    ['Contact', `<sip:phone@127.0.0.1:${ALICE}>`],
  ] as [string, string][],
] as const

/** Only the first message that comes here has to wait. */
const FIRST = 'route[FIRST] { if ($shv(seen) == 0) { $shv(seen) = 1; sleep("3"); } }'

test.for([
  ['behind dlg_manage()', 'dlg_manage(); sleep("3");'],
  ['before it', 'sleep("3"); dlg_manage();'],
  ['the first time alone', 'dlg_manage(); if (!is_method("INVITE")) exit; route(FIRST);'],
  ['behind its transaction', 't_newtran(); sleep("3"); dlg_manage();'],
] as const)('an INVITE that comes again while its route waits %s is one call', async ([, call]) => {
  const node = await CallBench.start(`${ROUTES}route[CALL] { ${call} }\n${FIRST}`)
  node.send(ALICE, ...INVITE)
  await pass(node, 1)
  node.send(ALICE, ...INVITE)
  await pass(node, 6)
  const invite = node.one(BOB, 'INVITE')
  expect(node.dialogs.table.size).toBe(1)
  node.reply(BOB, invite, 200)
  const headers = routesIn(node.one(ALICE, ' 200 '))
  expect(node.dialog.state).toBe(3)
  node.request(ALICE, 'ACK', 'c', { tags: ['a', 'b'], headers })
  expect(node.dialog.state).toBe(4)
  node.request(BOB, 'BYE', 'c', { tags: ['b', 'a'], headers, uri: `sip:a@127.0.0.1:${ALICE}` })
  node.reply(ALICE, node.one(ALICE, 'BYE'), 200)
  await pass(node, 40)
  expect(node.dialogs.table.size).toBe(0)
  expect(node.count('active_dialogs')).toBe(0)
})

test('a BYE whose route waits ends the call at once, and is looked after', async () => {
  const routes = ROUTES.replace(
    'loose_route();',
    'loose_route(); if (is_method("BYE")) sleep("3");',
  )
  const node = await CallBench.start(routes + CALL)
  const headers = node.talk('c')
  node.request(BOB, 'BYE', 'c', { tags: ['b', 'a'], headers, uri: `sip:a@127.0.0.1:${ALICE}` })
  expect(node.dialog.state).toBe(5)
  await pass(node, 4)
  node.reply(ALICE, node.one(ALICE, 'BYE'), 200)
  expect(node.dialogs.table.size).toBe(1)
  await pass(node, 10)
  expect(node.dialogs.table.size).toBe(0)
})
