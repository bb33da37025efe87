// From and To replaced for a whole dialog, and CSeq numbers that authentication put ahead.
import type { Call, Setup } from '../dialog/facts.ts'

const HEAD = `
request_route {
  if (is_method("CANCEL")) { if (t_check_trans()) t_relay(); exit; }
  t_on_failure("FAILED");
  if (has_totag()) {
    if (!loose_route() && is_method("ACK")) { t_check_trans(); exit; }
    if ($hdr(X-Case) == "again") {
      $var(rc) = uac_replace_from("sip:other@example.net");
      xlog("L_ALERT", "@@replaced again $var(rc)\\n");
    }
    if ($hdr(X-Case) == "restore") {
      $var(from) = uac_restore_from();
      $var(to) = uac_restore_to();
      xlog("L_ALERT", "@@restored $var(from) $var(to)\\n");
    }
    t_relay();
    exit;
  }
`
const VARIABLES = ['fu', 'funew', 'dp', 'tu', 'tunew', 'to_dp']
  .map(name => `${name}=$dlg_var(_uac_${name})`)
  .join(' ')
const ROUTES = `${HEAD}
  if ($hdr(X-Case) != "late" && $hdr(X-Case) != "unmanaged") dlg_manage();
  if ($hdr(X-From) == "with name")
    $var(from) = uac_replace_from("\\"Nobody\\"", "sip:nobody@example.net");
  else if ($hdr(X-From) == "name alone") $var(from) = uac_replace_from("\\"Nobody\\"", "");
  else if ($hdr(X-From) != $null) $var(from) = uac_replace_from("$hdr(X-From)");
  if ($hdr(X-To) == "with name") $var(to) = uac_replace_to("\\"Help\\"", "sip:help@example.net");
  else if ($hdr(X-To) != $null) $var(to) = uac_replace_to("$hdr(X-To)");
  if ($hdr(X-Case) == "late") dlg_manage();
  xlog("L_ALERT", "@@from $var(from) to $var(to): ${VARIABLES}\\n");
  record_route();
  t_relay();
}
failure_route[FAILED] { $var(none) = 1; }
`

const AUTHENTICATED = `${HEAD}
  if ($hdr(X-Case) != "unmanaged") dlg_manage();
  record_route();
  t_on_branch("TO");
  t_relay();
}
branch_route[TO] { xlog("L_ALERT", "@@branch: $cs diff=$dlg_var(cseq_diff)\\n"); }
failure_route[FAILED] {
  if (t_check_status("401|407")) {
    $var(rc) = uac_auth();
    xlog("L_ALERT", "@@uac_auth $var(rc) $cs diff=$dlg_var(cseq_diff)\\n");
    t_on_branch("TO");
    t_on_failure("FAILED");
    t_relay();
  }
}
`

const call = (name: string, ...steps: string[]): Call => ({ name, steps })
const dialog = (headers: string): string[] => [
  `alice INVITE${headers}`,
  'bob 180',
  'bob 200',
  'alice ACK',
  'rpc dlg.list',
  'alice INFO',
  'bob 200 INFO',
  'bob INVITE',
  'alice 200',
  'bob ACK',
  'bob BYE',
  'alice 200 BYE',
]
const FROM = ' | X-From: sip:nobody@example.net'
const TO = ' | X-To: sip:help@example.net'

const RESTORED: Call[] = [
  call('From', ...dialog(FROM)),
  call('To', ...dialog(TO)),
  call('both', ...dialog(FROM + TO)),
  call('both with names', ...dialog(' | X-From: with name | X-To: with name')),
  call('a name alone', ...dialog(' | X-From: name alone')),
  call('managed behind', ...dialog(`${FROM} | X-Case: late`)),
  call('without a dialog', ...dialog(`${FROM} | X-Case: unmanaged`)),
  call(
    'replaced again',
    `alice INVITE${FROM}`,
    'bob 200',
    'alice ACK',
    'alice INFO | X-Case: again',
    'bob 200 INFO',
    'bob BYE',
    'alice 200 BYE',
  ),
  call('refused', `alice INVITE${FROM}${TO}`, 'bob 486', 'alice ACK'),
]

const DIGEST = 'WWW-Authenticate: Digest realm="example.org", nonce="abc", algorithm=MD5'
const CHALLENGE = `bob 401 | ${DIGEST}`
const COUNTED: Call[] = [
  call(
    'authenticated',
    'alice INVITE',
    CHALLENGE,
    'bob 180',
    'bob 200',
    'alice ACK',
    'rpc dlg.list',
    'alice INFO',
    'bob 200 INFO',
    'bob INFO',
    'alice 200 INFO',
    'alice INVITE',
    'bob 200',
    'alice ACK',
    'alice BYE',
    'bob 200 BYE',
  ),
  call(
    'authenticated, and cancelled',
    'alice INVITE',
    CHALLENGE,
    'bob 180',
    'alice CANCEL',
    'bob 200 CANCEL',
    'bob 487',
    'alice ACK',
  ),
  call(
    'a request within authenticated',
    'alice INVITE',
    CHALLENGE,
    'bob 200',
    'alice ACK',
    'alice INVITE',
    CHALLENGE,
    'bob 200',
    'alice ACK',
    'alice BYE',
    'bob 200 BYE',
  ),
  call(
    'BYE of the callee',
    'alice INVITE',
    CHALLENGE,
    'bob 200',
    'alice ACK',
    'bob BYE',
    'alice 200 BYE',
  ),
  call(
    'refused twice',
    'alice INVITE',
    CHALLENGE,
    CHALLENGE,
    'bob 200',
    'alice ACK',
    'alice BYE',
    'bob 200 BYE',
  ),
  call('not asked', 'alice INVITE', 'bob 200', 'alice ACK', 'alice BYE', 'bob 200 BYE'),
  call(
    'no dialog',
    'alice INVITE | X-Case: unmanaged',
    CHALLENGE,
    'bob 200',
    'alice ACK',
    'alice BYE',
    'bob 200 BYE',
  ),
]

const restored = (name: string, uac: Record<string, string | number>): Setup => ({
  folder: 'uac-dialog',
  name,
  modules: ['uac'],
  params: { uac: { restore_dlg: 1, ...uac } },
  routes: ROUTES,
  calls: RESTORED,
})
const credential = 'alice:example.org:secret'

export const RESTORE: Setup[] = [
  restored('auto', {}),
  restored('manual', { restore_mode: 'manual' }),
  restored('none', { restore_mode: 'none' }),
  {
    folder: 'uac-dialog',
    name: 'counted',
    modules: ['uac'],
    params: { dialog: { track_cseq_updates: 1 }, uac: { credential } },
    routes: AUTHENTICATED,
    calls: COUNTED,
  },
  {
    folder: 'uac-dialog',
    name: 'uncounted',
    modules: ['uac'],
    params: { uac: { credential } },
    routes: AUTHENTICATED,
    calls: COUNTED.slice(0, 1),
  },
]
