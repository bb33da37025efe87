// Whole calls through a node that keeps dialogs: who is told what, forks, ends from here.
import { expect, test } from 'vitest'
import * as api from '../../../../../server/modules/dialog/api.ts'
import { Dialog, KEEPALIVE_CALLER } from '../../../../../server/modules/dialog/dialog-record.ts'
import { restore } from '../../../../../server/modules/dialog/restore.ts'
import { ALICE, BOB, CALL, CallBench, CAROL, ROUTES, routesIn } from './call-bench.ts'

const NAMES = new Map(
  Object.entries(api)
    .filter(([name]) => !/^(DELETED|CONFIRMED|UN|EARLY|CALL|NO_|DOWN|UP|dialog)/.test(name))
    .map(([name, bit]) => [bit as number, name]),
)

/** Notes what modules are told of. */
function listen(node: CallBench): string[] {
  const told: string[] = []
  node.dialogs.on(-1, (_dialog, { event, request, reply, direction }) => {
    const about = reply === null ? (request?.method ?? '') : `${reply.status} ${reply.method}`
    told.push(`${NAMES.get(event)} ${about} ${['', 'down', 'up'][direction]}`.trim())
  })
  return told
}

test('modules are told of all that happens to a call, in order', async () => {
  const node = await CallBench.start()
  const told = listen(node)
  node.request(ALICE, 'INVITE', 'c')
  const invite = node.one(BOB, 'INVITE')
  node.reply(BOB, invite, 180)
  node.reply(BOB, invite, 200)
  const headers = routesIn(node.one(ALICE, ' 200 '))
  const tags: [string, string] = ['a', 'b']
  node.request(ALICE, 'ACK', 'c', { tags, headers })
  node.request(BOB, 'INFO', 'c', { tags: ['b', 'a'], headers, uri: `sip:a@127.0.0.1:${ALICE}` })
  node.reply(ALICE, node.one(ALICE, 'INFO'), 200)
  node.request(ALICE, 'BYE', 'c', { tags, headers, cseq: 2 })
  node.reply(BOB, node.one(BOB, 'BYE'), 200)
  expect(told).toEqual([
    'CREATED INVITE down',
    'RINGING 180 INVITE up',
    'RESPONSE_FORWARDED 180 INVITE up',
    'ANSWERED 200 INVITE up',
    'RESPONSE_FORWARDED 200 INVITE up',
    'ACKNOWLEDGED ACK down',
    'REQUEST_WITHIN INFO up',
    'RESPONSE_WITHIN 200 INFO down',
    'TERMINATED BYE down',
    'TERMINATION_CONFIRMED 200 BYE up',
  ])
  node.pass(10)
  expect(told.at(-1)).toBe('DESTROYED')
  expect(node.dialogs.table.size).toBe(0)
})

test('they are told of one call alone when they ask about that', async () => {
  const node = await CallBench.start()
  const told: string[] = []
  node.dialogs.on(api.CREATED, dialog => {
    if (dialog.callId === 'c1') dialog.on(api.ANSWERED, ({ callId }) => told.push(callId))
  })
  for (const call of ['c1', 'c2']) node.talk(call)
  expect(told).toEqual(['c1'])
})

test.for([
  [1, ['CREATED', 'route']],
  [0, ['route', 'CREATED']],
] as const)(
  'with initial_cbs_inscript %i they hear of a new one in time',
  async ([when, order]) => {
    const routes = `${ROUTES}route[CALL] { dlg_manage(); xlog("L_ALERT", "route\\n"); }`
    const node = await CallBench.start(routes, { initial_cbs_inscript: when })
    const told = listen(node)
    const { log } = node.bench.core
    log.addSink(({ text }) => void (text.includes('route') && told.push('route')))
    node.request(ALICE, 'INVITE', 'c')
    expect(told.map(line => line.split(' ')[0])).toEqual(order)
  },
)

test('an INVITE begins a dialog by the flag of dlg_flag, too', async () => {
  const node = await CallBench.start(`${ROUTES}route[CALL] { if ($rU == "bob") setflag(4); }`, {
    dlg_flag: 4,
  })
  node.talk('c')
  expect(node.dialog.state).toBe(api.CONFIRMED)
  node.request(ALICE, 'INVITE', 'other', { uri: `sip:carol@127.0.0.1:${BOB}` })
  expect(node.dialogs.table.size).toBe(1)
})

const FORK = `${ROUTES}route[CALL] { dlg_manage(); append_branch("sip:c@127.0.0.1:${CAROL}"); }`

test('of two who answer the first one is the callee, and the call ends with its BYE', async () => {
  const node = await CallBench.start(FORK)
  node.request(ALICE, 'INVITE', 'c')
  const all = node.bench.sent.filter(({ text }) => text.startsWith('INVITE'))
  expect(all).toHaveLength(2)
  const bob = node.one(BOB, 'INVITE')
  const carol = [...bob.headers]
  const branch = all.find(({ to }) => to.port === CAROL)!.text
  const via = /Via: (.*)\r/.exec(branch)![1]!
  carol[carol.findIndex(([name]) => name === 'Via')] = ['Via', via]
  node.reply(BOB, bob, 200, 'b')
  node.reply(CAROL, Object.assign(Object.create(bob) as typeof bob, { headers: carol }), 200, 'x')
  expect(node.dialog.legs.map(({ tag }) => tag)).toEqual(['a', 'b'])
  expect(node.count('active_dialogs')).toBe(1)
  const headers = routesIn(node.one(ALICE, ' 200 '))
  node.request(ALICE, 'BYE', 'c', { tags: ['a', 'x'], headers, cseq: 2 })
  expect(node.count('active_dialogs')).toBe(1)
  node.request(ALICE, 'BYE', 'c', { tags: ['a', 'b'], headers, cseq: 2 })
  expect(node.count('active_dialogs')).toBe(0)
  node.pass(60)
  expect(node.dialogs.table.size).toBe(0)
})

test('dlg_bye() before the answer refuses the caller and cancels the callee', async () => {
  const routes = `${ROUTES}
route[CALL] {
	if ($rU == "stop") {
		dlg_get("c", "a", "");
		dlg_bye("all");
		exit;
	}
	dlg_manage();
}`
  const node = await CallBench.start(routes, { bye_early_code: 486, bye_early_reason: 'Not Now' })
  node.request(ALICE, 'INVITE', 'c')
  node.reply(BOB, node.one(BOB, 'INVITE'), 180)
  node.heard(BOB)
  node.request(ALICE, 'INVITE', 'other', { uri: 'sip:stop@127.0.0.1:25070' })
  const sent = node.bench.sent.slice(-2).map(({ text }) => text.split('\r\n')[0])
  expect(sent).toContain('SIP/2.0 486 Not Now')
  expect(sent.join()).toContain('CANCEL')
  expect(node.count('failed_dialogs')).toBe(1)
  expect(node.count('early_dialogs')).toBe(0)
  node.pass(60)
  expect(node.dialogs.table.size).toBe(0)
})

test('an event route may wait, and the dialog stays until it has ended', async () => {
  const routes = `${ROUTES}${CALL}
event_route[dialog:end] {
	sleep("20");
	xlog("L_ALERT", "end of $dlg(callid): $dlg_var(x)\\n");
}`
  const node = await CallBench.start(routes)
  const headers = node.talk('c')
  node.dialogs.setVariable(node.dialog, 'x', 'y')
  node.request(ALICE, 'BYE', 'c', { tags: ['a', 'b'], headers, cseq: 2 })
  node.reply(BOB, node.one(BOB, 'BYE'), 200)
  node.pass(15)
  expect(node.dialog.state).toBe(api.DELETED)
  node.pass(10)
  await new Promise(later => setImmediate(later))
  expect(node.log).toContain('<script>: end of c: y')
  expect(node.dialogs.table.size).toBe(0)
})

test('our own Record-Routes are in no route set, unless they are to be kept', async () => {
  const sets = async (keep: number): Promise<string[]> => {
    const node = await CallBench.start(undefined, { keep_proxy_rr: keep })
    const before: [string, string] = ['Record-Route', '<sip:10.0.0.7;lr>, <sip:10.0.0.6;lr>']
    const contact: [string, string] = ['Contact', `<sip:a@127.0.0.1:${ALICE}>`]
    node.request(ALICE, 'INVITE', 'c', { headers: [before, contact] })
    const invite = node.one(BOB, 'INVITE')
    invite.headers.unshift(['Record-Route', '<sip:10.0.0.8;lr>'])
    node.reply(BOB, invite, 200)
    return node.dialog.legs.map(({ routeSet }) => routeSet.replace(/did=[^>]*/g, 'did=X'))
  }
  const own = '<sip:127.0.0.1:25070;lr;ftag=a;did=X>'
  const caller = '<sip:10.0.0.7;lr>,<sip:10.0.0.6;lr>'
  expect(await sets(0)).toEqual([caller, '<sip:10.0.0.8;lr>'])
  expect(await sets(1)).toEqual([caller, `${own},<sip:10.0.0.8;lr>`])
  expect(await sets(2)).toEqual([`${own},${caller}`, '<sip:10.0.0.8;lr>'])
  expect(await sets(3)).toEqual([`${own},${caller}`, `${own},<sip:10.0.0.8;lr>`])
})

test('both Record-Routes of a call from one side of the node to the other are ours', async () => {
  const node = await CallBench.start()
  node.request(ALICE, 'INVITE', 'c')
  const invite = node.one(BOB, 'INVITE')
  const [own = ''] = invite.all('Record-Route')
  const pair = [own.replace('25070', '25071'), own].map(route => route.replace(';lr', ';r2=on;lr'))
  const others = invite.headers.filter(([name]) => name !== 'Record-Route')
  const routes = ['<sip:10.0.0.8;lr>', ...pair].map((route): [string, string] => [
    'Record-Route',
    route,
  ])
  node.reply(BOB, Object.assign(invite, { headers: [...routes, ...others] }), 200)
  expect(node.dialog.legs.map(({ routeSet }) => routeSet)).toEqual(['', '<sip:10.0.0.8;lr>'])
})

test('behind a PRACK the BYE to the callee has a number far above', async () => {
  const node = await CallBench.start(undefined, { default_timeout: 10, send_bye: 1 })
  node.request(ALICE, 'INVITE', 'c')
  const invite = node.one(BOB, 'INVITE')
  node.reply(BOB, invite, 183)
  const headers = routesIn(node.one(ALICE, ' 183 '))
  node.request(ALICE, 'PRACK', 'c', { tags: ['a', 'b'], headers, cseq: 2 })
  expect(node.dialog.legs[api.CALLER].cseq).toBe('2')
  node.reply(BOB, invite, 200)
  node.heard(BOB)
  node.pass(11)
  expect(node.one(BOB, 'BYE').cseq).toBe(83)
})

test('requests of our own go to the address behind a NAT that a Contact names', async () => {
  const node = await CallBench.start(undefined, { default_timeout: 10, send_bye: 1 })
  const contact = `<sip:a@192.168.0.9:5060;alias=127.0.0.1~${ALICE}~1>`
  node.request(ALICE, 'INVITE', 'c', { headers: [['Contact', contact]] })
  node.reply(BOB, node.one(BOB, 'INVITE'), 200)
  node.pass(11)
  expect(node.one(ALICE, 'BYE').uri).toBe('sip:a@192.168.0.9:5060')
})

test('with dlg_filter_mode 1 nobody hears of the end of a call of another node', async () => {
  const settings = { dlg_filter_mode: 1, send_bye: 1, ka_timer: 1, ka_interval: 30 }
  const node = await CallBench.start(undefined, settings)
  const told = listen(node)
  const { dialogs } = node
  const other = new Dialog(1, 2, 'c', 'sip:a@x', 'sip:b@x', dialogs.fireTimer)
  other.state = api.CONFIRMED
  other.iflags = KEEPALIVE_CALLER
  for (const leg of other.legs) leg.contact = 'sip:phone@127.0.0.1'
  expect(restore(dialogs, other, 100)).toBe(true)
  expect(restore(dialogs, other, 100)).toBe(false)
  expect(node.count('active_dialogs')).toBe(1)
  node.pass(110)
  expect(told).toEqual(['LOADED'])
  expect(node.bench.sent).toEqual([])
  expect(dialogs.table.size).toBe(0)
  expect(node.count('active_dialogs')).toBe(0)
})

test('a hash_size that is no power of 2 is rounded down, and that is said', async () => {
  const node = await CallBench.start(undefined, { hash_size: 1000 })
  expect(node.dialogs.table.slots).toBe(512)
  const text = 'hash_size is not a power of 2 as it should be -> rounding from 1000 to 512'
  expect(node.bench.core.log.tail(50).map(line => line.text)).toContain(text)
})

test('numbers of dialogs go by h_id_start and h_id_step', async () => {
  const node = await CallBench.start(undefined, { h_id_start: 3, h_id_step: 10, hash_size: 1 })
  for (const call of ['c1', 'c2', 'c3']) node.talk(call)
  const [first, second, third] = node.dialogs.table.all().map(({ id }) => id)
  expect([first! % 10, second! - first!, third! - second!]).toEqual([3, 10, 10])
})

test.for([
  ['ka_interval', 10, 'ka interval too low (10), has to be at least 30'],
  ['rr_param', '', 'empty rr_param!!'],
  ['timeout_avp', '$var(x)', "malformed or non AVP timeout AVP definition in '$var(x)'"],
  ['enable_dmq', 1, 'enable_dmq needs the module dmq, which is not there yet'],
  ['dlg_mode', 1, 'dlg_mode takes 0 alone'],
] as const)('%s %s is refused', async ([name, value, text]) => {
  await expect(CallBench.start(undefined, { [name]: value })).rejects.toThrow(`dialog: ${text}`)
})
