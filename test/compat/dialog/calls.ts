// Whole calls: what each route sees of the dialog at each step.
import { addressOf, SERVER } from './people.ts'
import type { Call, Setup } from './facts.ts'

const EVENTS = ['start', 'end', 'failed']
  .map(
    name => `event_route[dialog:${name}] {
  $var(at) = "event ${name}";
  route(SEEN);
}`,
  )
  .join('\n')

const DIALOG = 'state=$dlg(state) status=$DLG_status known=$var(known) count=$DLG_count'
const CONTEXT = 'set=$dlg_ctx(set) on=$dlg_ctx(on) dir=$dlg_ctx(dir) timeout=$dlg_ctx(timeout)'
const SEEN = `
route[SEEN] {
  $var(known) = 0;
  if (is_known_dlg()) $var(known) = 1;
  xlog("L_ALERT", "@@$var(at): $rm $rs ${DIALOG} ${CONTEXT} var=$dlg_var(who)\\n");
}
`

/** All routes say what they see; what happens to a call is told by its X-Case. */
export const ROUTES = `
request_route {
  $var(at) = "request";
  route(SEEN);
  if (is_method("CANCEL")) {
    if (t_check_trans()) t_relay();
    exit;
  }
  if (has_totag()) {
    if ($hdr(X-Case) == "manage") {
      $var(at) = "managed in dialog " + dlg_manage();
      route(SEEN);
    }
    if (!loose_route() && is_method("ACK")) { t_check_trans(); exit; }
    $var(at) = "routed";
    route(SEEN);
    route(RELAY);
  }
  if ($hdr(X-Case) == "flagged") setflag(4);
  else if (is_method("INVITE") && $hdr(X-Case) != "unmanaged" && $hdr(X-Case) != "early") {
    $var(at) = "managed " + dlg_manage();
    route(SEEN);
    $dlg_var(who) = $fU;
  }
  if ($hdr(X-Case) != "no-route" && $hdr(X-Case) != "early") record_route();
  if ($hdr(X-Case) == "early") {
    record_route();
    dlg_manage();
  }
  if ($hdr(X-Case) == "fork" && $hdrc(Via) == 1) append_branch("sip:carol@${addressOf('carol')}");
  if ($hdr(X-Case) == "spiral" && $hdrc(Via) == 1) $du = "sip:${SERVER}";
  if ($hdr(X-Case) == "busy") { t_newtran(); t_reply("486", "Busy Here"); exit; }
  if ($hdr(X-Case) == "stateless") { sl_send_reply("403", "Forbidden"); exit; }
  if ($hdr(X-Case) == "nowhere") exit;
  route(RELAY);
}
route[RELAY] {
  t_on_branch("TO");
  t_on_reply("ANSWER");
  t_on_failure("FAILED");
  t_relay();
  exit;
}
branch_route[TO] { $var(at) = "branch"; route(SEEN); }
onreply_route[ANSWER] { $var(at) = "onreply"; route(SEEN); }
reply_route { $var(at) = "reply"; route(SEEN); }
failure_route[FAILED] {
  $var(at) = "failure";
  route(SEEN);
  if ($hdr(X-Case) == "serial" && $T_reply_code == 486) {
    $ru = "sip:carol@${addressOf('carol')}";
    route(RELAY);
  }
}
${EVENTS}
${SEEN}
`

const ANSWERED = ['alice INVITE', 'bob 180', 'bob 200', 'alice ACK']
const call = (name: string, ...steps: string[]): Call => ({ name, steps })
const STATS = ['active', 'early', 'processed', 'expired', 'failed'].map(
  name => `rpc stats.get_statistics ${name}_dialogs`,
)

/** Answered and ended in all the ways. */
const TALKS: Call[] = [
  call('alice hangs up', ...ANSWERED, 'alice BYE', 'bob 200 BYE'),
  call('bob hangs up', ...ANSWERED, 'bob BYE', 'alice 200 BYE'),
  call(
    'requests in the dialog',
    ...ANSWERED,
    'alice INVITE',
    'bob 200',
    'alice ACK',
    'bob INVITE',
    'alice 200',
    'bob ACK',
    'alice INFO',
    'bob 200 INFO',
    'bob UPDATE',
    'alice 200 UPDATE',
    'alice INVITE',
    'bob 488',
    'alice ACK',
    'alice BYE',
    'bob 481 BYE',
  ),
  call('no ACK', 'alice INVITE', 'bob 200', 'alice BYE', 'bob 200 BYE'),
  call('ACK after BYE', 'alice INVITE', 'bob 200', 'alice BYE', 'alice ACK', 'bob 200 BYE'),
  call(
    'the 200 twice',
    'alice INVITE',
    'bob 200',
    'bob again',
    'alice ACK',
    'alice again',
    'alice BYE',
    'bob 200 BYE',
  ),
  call(
    'BYE twice',
    ...ANSWERED,
    'alice BYE',
    'alice again',
    'bob 200 BYE',
    'alice again',
    'alice BYE',
    'bob 481 BYE',
  ),
  call('both hang up', ...ANSWERED, 'alice BYE', 'bob BYE', 'bob 200 BYE', 'alice 200 BYE'),
  call('early BYE', 'alice INVITE', 'bob 180', 'alice BYE', 'bob 200 BYE', 'bob 487', 'alice ACK'),
  call(
    'PRACK and UPDATE while it rings',
    'alice INVITE',
    'bob 183',
    'alice PRACK',
    'bob 200 PRACK',
    'bob UPDATE',
    'alice 200 UPDATE',
    'bob 200',
    'alice ACK',
    'alice BYE',
    'bob 200 BYE',
  ),
  call('counted while they talk', ...ANSWERED, ...STATS, 'alice BYE', 'bob 200 BYE', ...STATS),
]

const FAILURES: Call[] = [
  call('busy', 'alice INVITE', 'bob 180', 'bob 486', 'alice ACK'),
  call(
    'cancelled',
    'alice INVITE',
    'bob 180',
    'alice CANCEL',
    'bob 200 CANCEL',
    'bob 487',
    'alice ACK',
  ),
  call(
    'cancelled too late',
    'alice INVITE',
    'bob 180',
    'bob 200',
    'alice CANCEL',
    'alice ACK',
    'bob BYE',
    'alice 200 BYE',
  ),
  call(
    'cancelled, and answered all the same',
    'alice INVITE',
    'bob 180',
    'alice CANCEL',
    'bob 200',
    'alice ACK',
    'alice BYE',
    'bob 200 BYE',
  ),
  call('busy here', 'alice INVITE | X-Case: busy', 'alice ACK'),
  call('refused without a transaction', 'alice INVITE | X-Case: stateless', 'alice ACK'),
  call('nothing done', 'alice INVITE | X-Case: nowhere'),
  call('counted with failures', ...STATS),
]

const WAYS: Call[] = [
  call(
    'two answer',
    'alice INVITE | X-Case: fork',
    'bob 180',
    'carol 180',
    'bob 200',
    'carol 200',
    'alice ACK bob',
    'alice ACK carol',
    'alice BYE carol',
    'carol 200 BYE',
    'alice BYE bob',
    'bob 200 BYE',
  ),
  call(
    'two ring, one answers',
    'alice INVITE | X-Case: fork',
    'bob 180',
    'carol 180',
    'carol 200',
    'bob 200 CANCEL',
    'bob 487',
    'alice ACK carol',
    'carol BYE',
    'alice 200 BYE',
  ),
  call(
    'one after the other',
    'alice INVITE | X-Case: serial',
    'bob 180',
    'bob 486',
    'carol 180',
    'carol 200',
    'alice ACK carol',
    'alice BYE carol',
    'carol 200 BYE',
  ),
  call(
    'spiral',
    'alice INVITE | X-Case: spiral',
    'bob 180',
    'bob 200',
    'alice ACK',
    'alice BYE',
    'bob 200 BYE',
  ),
  call(
    'unmanaged',
    'alice INVITE | X-Case: unmanaged',
    'bob 200',
    'alice ACK',
    'alice BYE',
    'bob 200 BYE',
  ),
  call(
    'no route',
    'alice INVITE | X-Case: no-route',
    'bob 200',
    'alice ACK',
    'alice BYE',
    'bob 200 BYE',
  ),
  call(
    'managed behind record_route',
    'alice INVITE | X-Case: early',
    'bob 180',
    'bob 200',
    'alice ACK',
    'bob BYE',
    'alice 200 BYE',
  ),
  call('counted at the end', ...STATS),
]

const ROUTE = `Route: <sip:${SERVER};lr;ftag=a1`

/** In-dialog requests whose Route has no cookie, a wrong one, or is not there. */
const MATCHES: Call[] = [
  call('with its cookie', ...ANSWERED, 'alice BYE', 'bob 200 BYE'),
  call(
    'without cookie',
    ...ANSWERED,
    `alice INFO | ${ROUTE}>`,
    'bob 200 INFO',
    `bob BYE | ${ROUTE}>`,
    'alice 200 BYE',
  ),
  call(
    'a cookie of no dialog',
    ...ANSWERED,
    `alice INFO | ${ROUTE};did=123.456>`,
    'bob 200 INFO',
    `alice BYE | ${ROUTE};did=123.456>`,
    'bob 200 BYE',
  ),
  call(
    'a cookie that is none',
    ...ANSWERED,
    `alice INFO | ${ROUTE};did=hello>`,
    'bob 200 INFO',
    `alice BYE | ${ROUTE};did=>`,
    'bob 200 BYE',
  ),
  call(
    'another tag with its cookie',
    ...ANSWERED,
    'alice BYE | From: <sip:alice@example.com>;tag=other',
    'bob 481 BYE',
  ),
  call(
    'another tag without cookie',
    ...ANSWERED,
    `alice BYE | From: <sip:alice@example.com>;tag=other | ${ROUTE}>`,
    'bob 481 BYE',
  ),
  call(
    'another To tag with its cookie',
    ...ANSWERED,
    'alice BYE | To: <sip:bob@example.org>;tag=other',
    'bob 481 BYE',
  ),
  call(
    'no route, and managed again',
    ...ANSWERED,
    'alice INFO | Route: | X-Case: manage',
    'bob 200 INFO',
    'alice BYE | Route: | X-Case: manage',
    'bob 200 BYE',
  ),
  call(
    'with its cookie, and managed again',
    ...ANSWERED,
    'bob INFO | X-Case: manage',
    'alice 200 INFO',
    'bob BYE | X-Case: manage',
    'alice 200 BYE',
  ),
  call(
    'a request of an unknown dialog is managed',
    'alice INVITE | X-Case: manage | To: <sip:bob@example.org>;tag=x1',
    'bob 200',
    'alice ACK',
  ),
]
const matching = (mode: number): Setup => ({
  name: `matching-${mode}`,
  params: { dialog: { dlg_match_mode: mode } },
  routes: ROUTES,
  calls: MATCHES,
})

const VARIED: Call[] = [
  call(
    'flagged',
    'alice INVITE | X-Case: flagged',
    'bob 180',
    'bob 200',
    'alice ACK',
    'alice BYE',
    'bob 200 BYE',
  ),
  call('flagged and busy', 'alice INVITE | X-Case: flagged', 'bob 486', 'alice ACK'),
  call(
    'spiral',
    'alice INVITE | X-Case: spiral',
    'bob 200',
    'alice ACK',
    'alice BYE',
    'bob 200 BYE',
  ),
  call('no ACK', 'alice INVITE', 'bob 200', 'alice BYE', 'bob 200 BYE'),
  call('managed', 'alice INVITE', 'bob 200', 'alice ACK', 'bob BYE', 'alice 200 BYE', ...STATS),
]
const varied = (name: string, dialog: Record<string, string | number>): Setup => ({
  name,
  params: { dialog },
  routes: ROUTES,
  calls: VARIED,
})

export const CALLS: Setup[] = [
  varied('by-flag', { dlg_flag: 4 }),
  varied('named', { rr_param: 'call', detect_spirals: 0, hash_size: 256 }),
  varied('later', { initial_cbs_inscript: 0, wait_ack: 0, dlg_flag: 4 }),
  { name: 'talks', params: {}, routes: ROUTES, calls: TALKS },
  { name: 'failures', params: {}, routes: ROUTES, calls: FAILURES },
  { name: 'ways', params: {}, routes: ROUTES, calls: WAYS },
  matching(0),
  matching(1),
  matching(2),
]
