// What each function and variable gives, with and without a dialog, and pings.
import type { Call, Setup } from './facts.ts'

const VARIABLES = [
  ...['h_entry', 'state', 'callid', 'from_uri', 'to_uri', 'from_tag', 'to_tag', 'toroute', 'to_rs'],
  ...[
    'from_rs',
    'from_cseq',
    'to_cseq',
    'from_contact',
    'to_contact',
    'from_bindaddr',
    'to_bindaddr',
  ],
  ...['lifetime', 'dflags', 'sflags'],
]
const ALL = VARIABLES.map(name => `${name}=$dlg(${name})`).join(' ')

const KEPT = ['early', 'early2', 'late', 'gone', 'number', 'none']
  .map(name => `${name}=$dlg_var(${name})`)
  .join(' ')

/** Each with what it says. */
const CALLED = [
  'is_known_dlg()',
  'dlg_setflag("3")',
  'dlg_isflagset("3")',
  'dlg_isflagset("4")',
  'dlg_resetflag("3")',
  'dlg_isflagset("3")',
  'dlg_setflag("31")',
  'dlg_set_property("timeout-noreset")',
  'dlg_reset_property("timeout-noreset")',
  'dlg_set_property("ka-src")',
  'dlg_reset_property("ka-src")',
  'dlg_set_property("nothing")',
  'dlg_reset_property("nothing")',
  'dlg_set_timeout("77")',
  'dlg_set_ruri()',
  'dlg_get("$ci", "a1", "b1")',
  'dlg_get("nobody", "a1", "b1")',
  'dlg_set_timeout("78", "1", "1")',
]
  .map(
    text => `  $var(rc) = ${text};
  xlog("L_ALERT", "@@$var(at) ${text.replaceAll('"', "'").replaceAll('$', '$$')}: $var(rc)\\n");`,
  )
  .join('\n')

const ROUTES = `
request_route {
  if (is_method("CANCEL")) { if (t_check_trans()) t_relay(); exit; }
  if (has_totag()) {
    loose_route();
    $var(at) = "within";
    route(VARIABLES);
    if (is_method("INFO")) { route(CALLED); }
    if (is_method("ACK")) { t_relay(); exit; }
    t_on_reply("ANSWER");
    t_relay();
    exit;
  }
  $var(at) = "before";
  if ($hdr(X-Case) == "functions") { route(CALLED); }
  $dlg_var(early) = "one";
  xlog("L_ALERT", "@@before: var early=$dlg_var(early)\\n");
  if ($hdr(X-Case) != "unmanaged") dlg_manage();
  $dlg_var(late) = "two";
  $dlg_var(early2) = $dlg_var(early);
  $dlg_var(gone) = "x";
  $dlg_var(gone) = $null;
  $dlg_var(number) = 7;
  $var(at) = "managed";
  route(VARIABLES);
  if ($hdr(X-Case) == "functions") { route(CALLED); }
  record_route();
  t_on_reply("ANSWER");
  t_on_branch("TO");
  t_on_failure("FAILED");
  t_relay();
}
branch_route[TO] { $var(at) = "branch"; route(VARIABLES); }
onreply_route[ANSWER] { $var(at) = "onreply"; route(VARIABLES); }
failure_route[FAILED] { $var(at) = "failure"; route(VARIABLES); }
route[VARIABLES] {
  xlog("L_ALERT", "@@$var(at) $rm $rs: ${ALL}\\n");
  xlog("L_ALERT", "@@$var(at): ${KEPT}\\n");
}
route[CALLED] {
${CALLED}
}
`
/** All of them wherever they may stand. */
const EVERYWHERE = `
request_route {
  if (is_method("CANCEL")) { if (t_check_trans()) t_relay(); exit; }
  if (has_totag()) {
    loose_route();
    t_on_branch("TO");
    t_on_reply("ANSWER");
    t_on_failure("FAILED");
    t_relay();
    exit;
  }
  dlg_manage();
  record_route();
  t_on_reply("ANSWER");
  t_on_branch("TO");
  t_on_failure("FAILED");
  t_relay();
}
branch_route[TO] { $var(at) = "branch " + $rm; route(CALLED); }
onreply_route[ANSWER] { $var(at) = "onreply " + $rm; route(CALLED); }
reply_route { $var(at) = "reply " + $rm; route(CALLED); }
failure_route[FAILED] { $var(at) = "failure " + $rm; route(CALLED); }
event_route[dialog:start] { $var(at) = "start"; route(CALLED); }
event_route[dialog:end] { $var(at) = "end"; route(CALLED); }
event_route[dialog:failed] { $var(at) = "failed"; route(CALLED); }
route[CALLED] {
${CALLED}
}
`
const PING_ROUTES = `
request_route {
  if (is_method("CANCEL")) { if (t_check_trans()) t_relay(); exit; }
  if (has_totag()) { loose_route(); t_relay(); exit; }
  dlg_manage();
  if ($hdr(X-Ping) =~ "src") dlg_set_property("ka-src");
  if ($hdr(X-Ping) =~ "dst") dlg_set_property("ka-dst");
  record_route();
  t_relay();
}
event_route[dialog:end] { xlog("L_ALERT", "@@event end: $rm $ci state=$dlg(state)\\n"); }
event_route[dialog:failed] { xlog("L_ALERT", "@@event failed: $rm $ci state=$dlg(state)\\n"); }
`

const call = (name: string, ...steps: string[]): Call => ({ name, steps })
const answered = (headers = ''): string[] => [
  `alice INVITE${headers}`,
  'bob 180',
  'bob 200',
  'alice ACK',
]
const BYE = ['bob BYE', 'alice 200 BYE']
const LIST = ['rpc dlg.list', 'rpc dlg.stats_active']

const GIVEN: Call[] = [
  call(
    'variables',
    ...answered(),
    'alice INFO',
    'bob 200 INFO',
    ...LIST,
    'rpc dlg.briefing',
    ...BYE,
  ),
  call('functions', ...answered(' | X-Case: functions'), 'bob INFO', 'alice 200 INFO', ...BYE),
  call(
    'without a dialog',
    ...answered(' | X-Case: unmanaged'),
    'bob INFO',
    'alice 200 INFO',
    ...BYE,
  ),
  call('fails', 'alice INVITE', 'bob 183', ...LIST, 'bob 404', 'alice ACK'),
  call(
    'display names and parameters',
    ['alice INVITE', 'From: "A. Lice" <sip:alice@example.com;x=y>;tag=a1;z=1']
      .concat('To: Bob <sip:bob@example.org;p=q>')
      .join(' | '),
    'bob 200',
    'alice ACK',
    ...LIST,
    'rpc dlg.dlg_list display-names-and-parameters a1',
    'rpc dlg.is_alive display-names-and-parameters a1 b1',
    ...BYE,
  ),
]

const PINGS: Call[] = [
  call(
    'both answer',
    ...answered(' | X-Ping: src dst'),
    'wait 34',
    'alice 200 OPTIONS',
    'bob 200 OPTIONS',
    'wait 31',
    'alice 200 OPTIONS',
    'bob 200 OPTIONS',
    ...BYE,
  ),
  call('the caller alone', ...answered(' | X-Ping: src'), 'wait 34', 'alice 404 OPTIONS', ...BYE),
  call(
    'one side is gone',
    ...answered(' | X-Ping: src dst'),
    'wait 34',
    'alice 200 OPTIONS',
    'bob 481 OPTIONS',
    'wait 34',
    'alice 200 BYE',
    'bob 200 BYE',
  ),
]

const PLACES: Call[] = [
  call('answered', ...answered(), 'alice INFO', 'bob 200 INFO', ...BYE),
  call('refused', 'alice INVITE', 'bob 183', 'bob 404', 'alice ACK'),
  call('ended by RPC', ...answered(), 'rpc dlg.terminate_dlg ended-by-RPC a1 b1', 'alice 200 BYE'),
]

export const FUNCTIONS: Setup[] = [
  { name: 'everywhere', params: {}, routes: EVERYWHERE, calls: PLACES },
  { name: 'functions', params: {}, routes: ROUTES, calls: GIVEN },
  {
    name: 'pings',
    params: { dialog: { ka_timer: 1, ka_interval: 30, send_bye: 1 } },
    routes: PING_ROUTES,
    calls: PINGS,
  },
]
