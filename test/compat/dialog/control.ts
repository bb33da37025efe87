// What the script does to a dialog: sends its sides elsewhere, ends it too early.
import type { Call, Setup } from './facts.ts'
import { addressOf, SERVER } from './people.ts'

const CAROL = `sip:carol@${addressOf('carol')}`
const DONE = '      xlog("L_ALERT", "@@$hdr(X-Do) $var(rc) state=$dlg(state)\\n");\n      break;'
const ROUTES = `
request_route {
  if (is_method("CANCEL")) { if (t_check_trans()) t_relay(); exit; }
  if (has_totag()) {
    loose_route();
    switch ($hdr(X-Do)) {
    case "refer caller":
      $var(rc) = dlg_refer("caller", "${CAROL}");
${DONE}
    case "refer callee":
      $var(rc) = dlg_refer("callee", "${CAROL}");
${DONE}
    case "bye":
      $var(rc) = dlg_bye("all");
${DONE}
    case "uri":
      $ru = "sip:elsewhere@example.com";
      $var(rc) = dlg_set_ruri();
      xlog("L_ALERT", "@@dlg_set_ruri $var(rc) $ru\\n");
      break;
    }
    t_relay();
    exit;
  }
  dlg_manage();
  if ($hdr(X-Do) == "bye") {
    t_newtran();
    $var(rc) = dlg_bye("all");
    xlog("L_ALERT", "@@dlg_bye $var(rc) state=$dlg(state)\\n");
  }
  record_route();
  t_relay();
}
event_route[dialog:start] { xlog("L_ALERT", "@@start $rm $rs\\n"); }
event_route[dialog:end] { xlog("L_ALERT", "@@end $rm $rs\\n"); }
event_route[dialog:failed] { xlog("L_ALERT", "@@failed $rm $rs\\n"); }
`

const call = (name: string, ...steps: string[]): Call => ({ name, steps })
const ANSWERED = ['alice INVITE', 'bob 180', 'bob 200', 'alice ACK']
const BYE = ['bob BYE', 'alice 200 BYE']

const CONTROLLED: Call[] = [
  call(
    'the caller is sent away',
    ...ANSWERED,
    'alice INFO | X-Do: refer caller',
    'alice 202 REFER',
    'bob 200 INFO',
    ...BYE,
  ),
  call(
    'the callee is sent away',
    ...ANSWERED,
    'bob INFO | X-Do: refer callee',
    'bob 202 REFER',
    'alice 200 INFO',
    ...BYE,
  ),
  call('a refused REFER', ...ANSWERED, 'bob INFO | X-Do: refer caller', 'alice 603 REFER', ...BYE),
  call('another URI', ...ANSWERED, 'bob INFO | X-Do: uri', 'alice 200 INFO', ...BYE),
  call(
    'BYE while it rings',
    'alice INVITE',
    'bob 180',
    'alice INFO | X-Do: bye',
    'bob 200 CANCEL',
    'bob 487',
    'alice ACK',
  ),
  call('BYE before all', 'alice INVITE | X-Do: bye', 'bob 200', 'alice ACK'),
  call(
    'BYE twice',
    ...ANSWERED,
    'alice INFO | X-Do: bye',
    'alice INFO | X-Do: bye',
    'alice 200 BYE',
    'bob 200 BYE',
  ),
  call(
    'ended by RPC while it rings',
    'alice INVITE',
    'bob 180',
    'rpc dlg.terminate_dlg ended-by-RPC-while-it-rings a1 b1',
    'bob 486',
    'alice ACK',
  ),
]

const FAR = 'Record-Route: <sip:127.0.0.1:25075;lr;x=far>'
const NEAR = 'Record-Route: <sip:127.0.0.1:25085;lr;x=near>, *'
const PROXIES: Call[] = [
  call(
    'proxies on both sides',
    `alice INVITE | ${FAR}`,
    'bob 180',
    `bob 200 | ${NEAR}`,
    'alice ACK',
    'rpc dlg.list',
    'rpc dlg.terminate_dlg proxies-on-both-sides a1 b1',
    'alice 200 BYE',
    'bob 200 BYE',
  ),
  call(
    'two ways through us',
    `alice INVITE | Record-Route: <sip:${SERVER};lr;x=first>, <sip:127.0.0.1:25075;lr;x=far>`,
    `bob 200 | ${NEAR}`,
    'alice ACK',
    'rpc dlg.terminate_dlg two-ways-through-us a1 b1',
    'alice 200 BYE',
    'bob 200 BYE',
  ),
]
const proxies = (mode: number): Setup => ({
  name: `proxies-${mode}`,
  params: { dialog: { keep_proxy_rr: mode, lreq_callee_headers: 'X-Callee: yes\r\n' } },
  routes: ROUTES,
  calls: PROXIES,
})

const BRIDGE = `
request_route {
  if (has_totag()) { loose_route(); t_relay(); exit; }
  $var(rc) = dlg_bridge("sip:alice@${addressOf('alice')}", "${CAROL}", "");
  xlog("L_ALERT", "@@dlg_bridge $var(rc)\\n");
  sl_send_reply("200", "OK");
}
`
const BRIDGED: Call[] = [
  call(
    'bridged',
    'bob MESSAGE alice',
    'alice 180',
    'alice 200',
    'alice 202 REFER',
    'wait 1',
    'alice 200 BYE',
  ),
  call('busy', 'bob MESSAGE alice', 'alice 486', 'wait 1'),
  call(
    'a refused REFER',
    'bob MESSAGE alice',
    'alice 200',
    'alice 603 REFER',
    'wait 1',
    'alice 200 BYE',
  ),
]
const bridge = (name: string, dialog: Record<string, string>): Setup => ({
  name,
  foreign: true,
  params: { dialog },
  routes: BRIDGE,
  calls: BRIDGED,
})

export const CONTROL: Setup[] = [
  bridge('bridge', {}),
  bridge('bridge-named', {
    bridge_controller: 'sip:me@example.com',
    bridge_contact: `sip:me@${SERVER}`,
  }),
  { name: 'control', params: {}, routes: ROUTES, calls: CONTROLLED },
  proxies(0),
  proxies(1),
  proxies(2),
  proxies(3),
]
