// Lifetimes and what ends a dialog that nobody ends.
import type { Call, Setup } from './facts.ts'

const EVENTS = ['start', 'end', 'failed', 'timeout']
  .map(
    name => `event_route[dialog:${name}] {
  xlog("L_ALERT", "@@event ${name}: $rm $rs $ci state=$dlg(state) lifetime=$dlg(lifetime)\\n");
}`,
  )
  .join('\n')

const ROUTES = `
request_route {
  if (is_method("CANCEL")) { if (t_check_trans()) t_relay(); exit; }
  if (has_totag()) {
    loose_route();
    if ($hdr(X-Set) != $null) {
      $var(rc) = dlg_set_timeout("$(hdr(X-Set){s.int})");
      xlog("L_ALERT", "@@dlg_set_timeout $var(rc) lifetime=$dlg(lifetime) life=$DLG_lifetime\\n");
    }
    if ($hdr(X-Bye) != $null) {
      switch ($hdr(X-Bye)) {
        case "caller":
          $var(rc) = dlg_bye("caller");
          break;
        case "callee":
          $var(rc) = dlg_bye("callee");
          break;
        default:
          $var(rc) = dlg_bye("all");
      }
      xlog("L_ALERT", "@@dlg_bye $var(rc) state=$dlg(state)\\n");
      t_newtran();
      t_reply("202", "Done");
      exit;
    }
    if (is_method("ACK")) { t_relay(); exit; }
    t_relay();
    exit;
  }
  if ($hdr(X-Timeout) != $null) $dlg_ctx(timeout) = $(hdr(X-Timeout){s.int});
  if ($hdr(X-Avp) != $null) $avp(life) = $(hdr(X-Avp){s.int});
  if ($hdr(X-Send-Bye) != $null) $dlg_ctx(timeout_bye) = 1;
  if ($hdr(X-Route) == "before") $dlg_ctx(timeout_route) = "OVER";
  dlg_manage();
  if ($hdr(X-Route) == "behind") $dlg_ctx(timeout_route) = "OVER";
  if ($hdr(X-Late) != $null) $dlg_ctx(timeout) = $(hdr(X-Late){s.int});
  if ($hdr(X-Set) != $null) {
    $var(rc) = dlg_set_timeout("$(hdr(X-Set){s.int})");
    xlog("L_ALERT", "@@dlg_set_timeout $var(rc)\\n");
  }
  if ($hdr(X-Property) != $null) {
    $var(rc) = dlg_set_property("$hdr(X-Property)");
    xlog("L_ALERT", "@@dlg_set_property $var(rc) sflags=$dlg(sflags)\\n");
  }
  record_route();
  t_relay();
}
route[OVER] { xlog("L_ALERT", "@@route over: $rm $ci state=$dlg(state) known=$dlg(callid)\\n"); }
${EVENTS}
`

const call = (name: string, ...steps: string[]): Call => ({ name, steps })
const answered = (headers = ''): string[] => [
  `alice INVITE${headers}`,
  'bob 180',
  'bob 200',
  'alice ACK',
]
const STATS = ['active', 'early', 'processed', 'expired', 'failed'].map(
  name => `rpc stats.get_statistics ${name}_dialogs`,
)
const BYES = ['alice 200 BYE', 'bob 200 BYE']
const FAR = ' | Record-Route: <sip:127.0.0.1:25075;lr;x=far>'

/** default_timeout is 2 seconds. */
const LIFETIMES: Call[] = [
  call('over without BYE', ...answered(), 'wait 4', 'alice BYE', 'bob 481 BYE'),
  call('over with BYE', ...answered(' | X-Send-Bye: 1'), 'wait 4', ...BYES, ...STATS),
  call(
    'over with BYE behind proxies',
    `alice INVITE | X-Send-Bye: 1${FAR}`,
    'bob 180',
    'bob 200 | Record-Route: <sip:127.0.0.1:25085;lr;x=near>, *',
    'alice ACK',
    'wait 4',
    ...BYES,
  ),
  call(
    'over, and nobody knows it',
    ...answered(' | X-Send-Bye: 1'),
    'wait 4',
    'alice 481 BYE',
    'bob 481 BYE',
  ),
  call('over before the ACK', 'alice INVITE | X-Send-Bye: 1', 'bob 200', 'wait 4', ...BYES),
  call(
    'over while it rings',
    'alice INVITE | X-Send-Bye: 1',
    'bob 180',
    'wait 4',
    'bob 486',
    'alice ACK',
  ),
  call(
    'longer by $dlg_ctx',
    ...answered(' | X-Timeout: 5 | X-Send-Bye: 1'),
    'wait 3.5',
    'wait 4',
    ...BYES,
  ),
  call(
    'longer by timeout_avp',
    ...answered(' | X-Avp: 5 | X-Send-Bye: 1'),
    'wait 3.5',
    'wait 4',
    ...BYES,
  ),
  call(
    'longer by dlg_set_timeout',
    ...answered(' | X-Set: 5 | X-Send-Bye: 1'),
    'wait 3.5',
    'wait 4',
    ...BYES,
  ),
  call(
    'longer by dlg_set_timeout within',
    ...answered(' | X-Send-Bye: 1'),
    'bob INFO | X-Set: 5',
    'alice 200 INFO',
    'wait 3.5',
    'wait 4',
    ...BYES,
  ),
  call(
    'reset by a request within',
    ...answered(' | X-Set: 3 | X-Send-Bye: 1'),
    'wait 1.7',
    'bob INFO',
    'alice 200 INFO',
    'wait 2',
    'wait 3',
    ...BYES,
  ),
  call(
    'not reset',
    ...answered(' | X-Set: 3 | X-Send-Bye: 1 | X-Property: timeout-noreset'),
    'wait 1.7',
    'bob INFO',
    'alice 200 INFO',
    'wait 3',
    ...BYES,
  ),
  call(
    'a property that is none',
    ...answered(' | X-Property: nothing'),
    'alice BYE',
    'bob 200 BYE',
  ),
  call('timeout_route', ...answered(' | X-Route: before'), 'wait 4'),
  call(
    'timeout_route behind',
    ...answered(' | X-Route: behind | X-Send-Bye: 1'),
    'wait 4',
    ...BYES,
  ),
  call(
    'longer by $dlg_ctx behind',
    ...answered(' | X-Late: 5 | X-Send-Bye: 1'),
    'wait 3.5',
    'wait 4',
    ...BYES,
  ),
  call('dlg_bye caller', ...answered(' | X-Set: 60'), 'bob INFO | X-Bye: caller', 'alice 200 BYE'),
  call('dlg_bye callee', ...answered(' | X-Set: 60'), 'bob INFO | X-Bye: callee', 'bob 200 BYE'),
  call('dlg_bye all', ...answered(' | X-Set: 60'), 'alice INFO | X-Bye: all', ...BYES),
  call(
    'dlg_bye before the ACK',
    'alice INVITE | X-Set: 60',
    'bob 200',
    'alice INFO | X-Bye: all',
    ...BYES,
  ),
  call(
    'CSeq of both',
    ...answered(' | X-Send-Bye: 1 | X-Set: 3'),
    'alice INFO',
    'bob 200 INFO',
    'alice INFO',
    'bob 200 INFO',
    'bob INVITE',
    'alice 200',
    'bob ACK',
    'wait 5',
    ...BYES,
  ),
]

/** Limits of what is not answered or acknowledged are looked at every 90 seconds. */
const CLEANED: Call[] = [
  call(
    'rings for ever',
    'alice INVITE',
    'bob 180',
    'wait 100',
    ...STATS,
    'bob 200',
    'alice ACK',
    'alice BYE',
    'bob 200 BYE',
  ),
  call(
    'no ACK for ever',
    'alice INVITE',
    'bob 200',
    'wait 100',
    ...STATS,
    'alice BYE',
    'bob 200 BYE',
    'alice 200 BYE',
  ),
]

const dialog = { default_timeout: 2, timeout_avp: '$avp(life)' }
export const EXPIRY: Setup[] = [
  { name: 'lifetimes', params: { dialog }, routes: ROUTES, calls: LIFETIMES },
  {
    name: 'lifetimes-more',
    params: {
      dialog: {
        ...dialog,
        send_bye: 1,
        timeout_noreset: 1,
        dlg_extra_hdrs: 'X-Why: over\r\nX-More: 1\r\n',
      },
    },
    routes: ROUTES,
    calls: [
      call('with more headers', ...answered(), 'bob INFO', 'alice 200 INFO', 'wait 4', ...BYES),
      call(
        'dlg_bye with more headers',
        ...answered(' | X-Set: 60'),
        'bob INFO | X-Bye: all',
        ...BYES,
      ),
      call(
        'ended by RPC',
        ...answered(' | X-Set: 60'),
        'rpc dlg.terminate_dlg ended-by-RPC a1 b1',
        ...BYES,
      ),
    ],
  },
  {
    name: 'cleaning',
    params: { dialog: { early_timeout: 5, noack_timeout: 5, send_bye: 1 } },
    routes: ROUTES,
    calls: CLEANED,
  },
]
