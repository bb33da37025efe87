// Session timers of dialogs: what sst makes of Session-Expires in requests and replies.
import type { Call, Setup } from '../dialog/facts.ts'

const SEEN = 'life=$dlg(lifetime) avp=$avp(life)'
const ROUTES = `
request_route {
  if (is_method("CANCEL")) { if (t_check_trans()) t_relay(); exit; }
  t_on_branch("TO");
  t_on_reply("ANSWER");
  if (has_totag()) {
    if (!loose_route() && is_method("ACK")) { t_check_trans(); exit; }
    if (is_method("ACK")) xlog("L_ALERT", "@@ACK ${SEEN}\\n");
    t_relay();
    exit;
  }
  if ($hdr(X-Case) != "unflagged") setflag(6);
  $var(rc) = dlg_manage();
  xlog("L_ALERT", "@@managed $var(rc) ${SEEN}\\n");
  record_route();
  t_relay();
}
branch_route[TO] { xlog("L_ALERT", "@@branch $rm ${SEEN}\\n"); }
onreply_route[ANSWER] { xlog("L_ALERT", "@@onreply $rm $rs ${SEEN}\\n"); }
event_route[dialog:start] { xlog("L_ALERT", "@@start ${SEEN}\\n"); }
event_route[dialog:end] { xlog("L_ALERT", "@@end ${SEEN}\\n"); }
event_route[dialog:failed] { xlog("L_ALERT", "@@failed ${SEEN}\\n"); }
`

const call = (name: string, ...steps: string[]): Call => ({ name, steps })
const BYE = ['alice BYE', 'bob 200 BYE']
const ends = (invite: string, answer: string, ...more: string[]): string[] => [
  `alice INVITE${invite && ` | ${invite}`}`,
  `bob 200${answer && ` | ${answer}`}`,
  'alice ACK',
  ...more,
  ...BYE,
]
const SUPPORTED = 'Supported: timer'
const se = (seconds: number, more = ''): string => `Session-Expires: ${seconds}${more}`

const SESSIONS: Call[] = [
  call('nobody wants a timer', ...ends('', '')),
  call('the caller can', ...ends(SUPPORTED, '')),
  call('both can', ...ends(SUPPORTED, SUPPORTED)),
  call(
    'the caller wants one',
    ...ends(`${SUPPORTED} | ${se(1800)}`, `${SUPPORTED} | ${se(1800, ';refresher=uac')}`),
  ),
  call('a compact name', ...ends(`k: timer | x: 1700`, `x: 1700;refresher=uas`)),
  call(
    'the callee shortens it',
    ...ends(`${SUPPORTED} | ${se(1800)}`, `${SUPPORTED} | ${se(600, ';refresher=uac')}`),
  ),
  call('the callee cannot', ...ends(`${SUPPORTED} | ${se(1800)}`, '')),
  call('the callee alone wants one', ...ends('', `${SUPPORTED} | ${se(300, ';refresher=uas')}`)),
  call(
    'with Min-SE',
    ...ends(
      `${SUPPORTED} | ${se(1800)} | Min-SE: 300`,
      `${SUPPORTED} | ${se(1800, ';refresher=uac')}`,
    ),
  ),
  call('Min-SE alone', ...ends(`${SUPPORTED} | Min-SE: 300`, `${SUPPORTED}`)),
  call(
    'unflagged',
    ...ends(
      `${SUPPORTED} | ${se(1800)} | X-Case: unflagged`,
      `${SUPPORTED} | ${se(600, ';refresher=uac')}`,
    ),
  ),
  call('too small, and the caller can', ...ends(`${SUPPORTED} | ${se(50)}`, '')),
  call('too small, and the caller cannot', ...ends(se(50), '')),
  call('too small with a Min-SE', ...ends(`${SUPPORTED} | ${se(50)} | Min-SE: 40`, '')),
  call('malformed', ...ends(`${SUPPORTED} | Session-Expires: soon`, '')),
  call(
    'malformed answer',
    ...ends(`${SUPPORTED} | ${se(1800)}`, `${SUPPORTED} | Session-Expires: soon`),
  ),
  call(
    'refreshed by UPDATE',
    ...ends(
      `${SUPPORTED} | ${se(1800)}`,
      `${SUPPORTED} | ${se(1800, ';refresher=uac')}`,
      `alice UPDATE | ${SUPPORTED} | ${se(1200, ';refresher=uac')}`,
      `bob 200 UPDATE | ${se(1200, ';refresher=uac')}`,
    ),
  ),
  call(
    'refreshed by INVITE of the callee',
    ...ends(
      `${SUPPORTED} | ${se(1800)}`,
      `${SUPPORTED} | ${se(1800, ';refresher=uas')}`,
      `bob INVITE | ${SUPPORTED} | ${se(900, ';refresher=uac')}`,
      `alice 200 | ${se(800, ';refresher=uac')}`,
      'bob ACK',
    ),
  ),
  call(
    'an UPDATE without',
    ...ends(
      `${SUPPORTED} | ${se(1800)}`,
      `${SUPPORTED} | ${se(1800, ';refresher=uac')}`,
      `alice UPDATE | ${SUPPORTED}`,
      'bob 200 UPDATE',
    ),
  ),
  call(
    'an UPDATE that is too small',
    ...ends(
      `${SUPPORTED} | ${se(1800)}`,
      `${SUPPORTED} | ${se(1800, ';refresher=uac')}`,
      `alice UPDATE | ${SUPPORTED} | ${se(40, ';refresher=uac')}`,
      `bob 200 UPDATE | ${se(40)}`,
    ),
  ),
  call(
    'a refused UPDATE',
    ...ends(
      `${SUPPORTED} | ${se(1800)}`,
      `${SUPPORTED} | ${se(1800, ';refresher=uac')}`,
      `alice UPDATE | ${SUPPORTED} | ${se(400)}`,
      'bob 422 UPDATE | Min-SE: 500',
    ),
  ),
  call(
    'the callee finds it too small',
    `alice INVITE | ${SUPPORTED} | ${se(1800)}`,
    'bob 422 | Min-SE: 3600',
    'alice ACK',
  ),
  call(
    'INFO',
    ...ends(
      `${SUPPORTED} | ${se(1800)}`,
      `${SUPPORTED} | ${se(1800, ';refresher=uac')}`,
      `bob INFO | ${se(700)}`,
      'alice 200 INFO',
    ),
  ),
  call(
    'a 180 has one',
    `alice INVITE | ${SUPPORTED} | ${se(1800)}`,
    `bob 180 | ${se(700)}`,
    `bob 200 | ${SUPPORTED} | ${se(1700)}`,
    'alice ACK',
    ...BYE,
  ),
]

/** min_se 90 is the least that there is: a dialog is let go after them. */
const left = (name: string): string => `rpc stats.get_statistics ${name}`
const over = (name: string, more: string): Call =>
  call(
    name,
    `alice INVITE | ${SUPPORTED} | ${se(91)}${more}`,
    `bob 200 | ${SUPPORTED} | ${se(91, ';refresher=uac')}`,
    'alice ACK',
    left('expired_sst'),
    'wait 94',
    left('expired_sst'),
    left('expired_dialogs'),
    `alice UPDATE | ${SUPPORTED} | ${se(91)}`,
    `bob 200 UPDATE | ${SUPPORTED} | ${se(91, ';refresher=uac')}`,
    'wait 94',
    left('expired_sst'),
    left('expired_dialogs'),
  )
const OVER: Call[] = [over('over', '')]

const sst = (name: string, params: Record<string, string | number>, calls = SESSIONS): Setup => ({
  folder: 'sst',
  name,
  modules: ['sst'],
  params: {
    dialog: { timeout_avp: '$avp(life)' },
    sst: { sst_flag: 6, timeout_avp: '$avp(life)', ...params },
  },
  routes: ROUTES,
  calls,
})

export const SESSION: Setup[] = [
  sst('session', {}),
  sst('lenient', { reject_to_small: 0 }),
  sst('longer', { min_se: 2000 }),
  sst('longer-lenient', { min_se: 2000, reject_to_small: 0 }),
  sst('over', { enable_stats: 1 }, OVER),
]
