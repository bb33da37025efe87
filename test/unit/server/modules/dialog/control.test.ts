// Requests that scripts send within dialogs, and calls that they make.
import { expect, test } from 'vitest'
import { ALICE, BOB, CallBench, ROUTES } from './call-bench.ts'
import { ScriptBench } from '../script-bench.ts'

/** Does it when the message has this user in its request URI. */
const doing = (what: string): string =>
  `${ROUTES}
route[CALL] {
	if ($rU != "do") {
		dlg_manage();
		return;
	}
	dlg_get("c", "a", "b");
	${what}
	xlog("L_ALERT", "rc=$rc\\n");
	sl_send_reply("200", "Done");
	exit;
}`

async function afterTalk(what: string): Promise<CallBench> {
  const node = await CallBench.start(doing(what))
  node.talk('c')
  node.request(ALICE, 'OPTIONS', 'other', { uri: 'sip:do@127.0.0.1:25070' })
  return node
}

// Recorded: the real Kamailio sends it to the other side, with the URIs in exchange.
test.for([
  ['caller', BOB, '<sip:alice@example.net>;tag=b', '<sip:bob@example.net>;tag=a', 2],
  ['callee', ALICE, '<sip:bob@example.net>;tag=a', '<sip:alice@example.net>;tag=b', 1],
] as const)('dlg_refer(%s) sends REFER, then BYE', async ([side, port, to, from, cseq]) => {
  const node = await afterTalk(`dlg_refer("${side}", "sip:x@example.com");`)
  expect(node.log).toContain('<script>: rc=1')
  const refer = node.one(port, 'REFER')
  expect([refer.header('To'), refer.header('From'), refer.cseq]).toEqual([to, from, cseq])
  expect(refer.header('Refer-To')).toBe('sip:x@example.com')
  expect(refer.header('Referred-By')).toBe('sip:controller@kamailio.org')
  expect(refer.header('Contact')).toBe('<sip:controller@kamailio.org:5060>')
  node.reply(port, refer, 202)
  const bye = node.one(port, 'BYE')
  expect([bye.header('To'), bye.header('From'), bye.cseq]).toEqual([to, from, cseq + 1])
})

test('dlg_bridge() calls one side, refers it to the other and says goodbye', async () => {
  const proxy = `sip:127.0.0.1:${BOB}`
  const node = await afterTalk(
    `dlg_bridge("sip:bob@example.com", "sip:x@example.com", "${proxy}");`,
  )
  const invite = node.one(BOB, 'INVITE')
  expect(invite.uri).toBe('sip:bob@example.com')
  expect(invite.header('From')).toMatch(/^<sip:controller@kamailio\.org>;tag=/)
  expect(invite.body).toContain('c=IN IP4 0.0.0.0')
  invite.headers.push(['Record-Route', `<sip:127.0.0.1:${BOB};lr;last>`])
  invite.headers.push(['Record-Route', `<sip:127.0.0.1:${BOB};lr;first>`])
  node.reply(BOB, invite, 200, 'b')
  const sent = node.heard(BOB)
  expect(sent.map(({ method }) => method)).toEqual(['ACK', 'REFER'])
  const refer = sent[1]!
  expect(refer.cseq).toBe(invite.cseq + 1)
  expect(refer.all('Route').map(route => route.slice(-6, -1))).toEqual(['first', ';last'])
  node.reply(BOB, refer, 603)
  expect(node.one(BOB, 'BYE').cseq).toBe(invite.cseq + 2)
})

test('a call of dlg_bridge() that nobody takes is nothing more', async () => {
  const node = await afterTalk(`dlg_bridge("sip:bob@127.0.0.1:${BOB}", "sip:x@example.com", "");`)
  node.reply(BOB, node.one(BOB, 'INVITE'), 486)
  expect(node.heard(BOB).map(({ method }) => method)).toEqual(['ACK'])
})

test.for([
  ['dlg_req_within("callee", "INFO");', '', ''],
  ['dlg_req_within("callee", "INFO", "X-A: 1");', '', '1'],
  ['dlg_req_within("callee", "INFO", "text/plain", "hello");', 'hello', ''],
  ['dlg_req_within("callee", "INFO", "X-A: 1\\r\\n", "text/plain", "hello");', 'hello', '1'],
] as const)('%s', async ([what, body, header]) => {
  const node = await afterTalk(what)
  const info = node.one(BOB, 'INFO')
  expect([info.body, info.header('X-A'), info.cseq]).toEqual([body, header, 2])
  expect(info.header('Content-Type')).toBe(body === '' ? '' : 'text/plain')
})

test.for([
  ['dlg_set_state("5");', 1, 5],
  ['dlg_set_state("6");', -1, 4],
  ['dlg_refer_cid("caller", "sip:x@y", "c");', -1, 4],
  ['dlg_set_var("c", "a", "b", "key", "value");', 1, 4],
  ['dlg_set_var("c", "", "b", "key", "value");', -1, 4],
  ['dlg_update_contact();', 1, 4],
] as const)('%s gives %i', async ([what, code, state]) => {
  const node = await afterTalk(what)
  expect(node.log).toContain(`<script>: rc=${code}`)
  expect(node.dialog.state).toBe(state)
})

test('a function of a script stands for event routes and timeout routes', async () => {
  const script = `
    function ksr_request_route() {
      if (KSR.is_INVITE() || KSR.is_ACK()) { KSR.rr.record_route(); KSR.dialog.dlg_manage(); }
      KSR.dialog.var_sets("who", "alice");
      KSR.tm.t_relay();
    }
    function ksr_dialog(event) {
      KSR.err("@@" + event + " " + KSR.dialog.var_gete("who") + KSR.dialog.var_is_null("x"));
    }`
  const params = [
    'loadmodule "dialog.so"',
    'modparam("dialog", "event_callback", "ksr_dialog")',
    'modparam("dialog", "dlg_match_mode", 2)',
  ]
  const { bench } = await ScriptBench.start('app_jsdt', { 'a.js': script }, '', params)
  const call = CallBench.over(bench)
  call.request(ALICE, 'INVITE', 'c')
  call.reply(BOB, call.one(BOB, 'INVITE'), 200)
  call.request(ALICE, 'INVITE', 'd')
  call.reply(BOB, call.one(BOB, 'INVITE'), 486)
  const told = bench.lines.map(({ text }) => text).filter(text => text.includes('@@'))
  expect(told.map(text => text.split('@@')[1]!.trim())).toEqual([
    'dialog:start alice1',
    'dialog:failed alice1',
  ])
})

test('a call is ended from outside when one side can be told, not when none can', async () => {
  const node = await CallBench.start()
  node.talk('c')
  const { dialog } = node
  const [caller, callee] = dialog.legs
  const { contact } = callee
  caller.contact = callee.contact = ''
  const end = (): unknown => node.bench.rpc('dlg.end_dlg', dialog.entry, dialog.id)
  expect(end).toThrow('Operation failed')
  callee.contact = contact
  end()
  node.reply(BOB, node.one(BOB, 'BYE'), 200)
  expect(node.count('active_dialogs')).toBe(0)
})
