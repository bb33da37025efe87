// Call data records: one line, and one row, for each dialog.
import type { Call, Setup } from '../dialog/facts.ts'

export const ROUTES = `
request_route {
  if (is_method("CANCEL")) { if (t_check_trans()) t_relay(); exit; }
  setflag(1);
  if (has_totag()) {
    if (!loose_route() && is_method("ACK")) { t_check_trans(); exit; }
    if ($hdr(X-Skip) != $null) $dlg_var(skip) = $hdr(X-Skip);
    t_relay();
    exit;
  }
  if ($hdr(X-Case) != "unmanaged") dlg_manage();
  $dlg_var(who) = $fU;
  $var(two) = 2;
  if ($hdr(X-Long) != $null) dlg_set_timeout("3");
  if ($hdr(X-Skip) != $null) $dlg_var(skip) = $hdr(X-Skip);
  record_route();
  t_relay();
}
event_route[dialog:end] { xlog("L_ALERT", "@@end $ci\\n"); }
event_route[dialog:failed] { xlog("L_ALERT", "@@failed $ci\\n"); }
`

const call = (name: string, ...steps: string[]): Call => ({ name, steps })
const ANSWERED = ['bob 180', 'bob 200', 'alice ACK']
const BYE = ['bob BYE', 'alice 200 BYE']

const RECORDED: Call[] = [
  call('a call', 'alice INVITE | X-Empty: | X-Semi: a;b="c"', ...ANSWERED, 'wait 1.5', ...BYE),
  call('no ACK', 'alice INVITE', 'bob 200', ...BYE),
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
  call('over', 'alice INVITE | X-Long: 3', ...ANSWERED, 'wait 5', 'alice 200 BYE', 'bob 200 BYE'),
  call(
    'ended by RPC',
    'alice INVITE',
    ...ANSWERED,
    'rpc dlg.terminate_dlg ended-by-RPC a1 b1',
    'alice 200 BYE',
    'bob 200 BYE',
  ),
  call('skipped', 'alice INVITE | X-Skip: yes', ...ANSWERED, ...BYE),
  call('not skipped', 'alice INVITE | X-Skip: no', ...ANSWERED, ...BYE),
  call('skipped late', 'alice INVITE', ...ANSWERED, 'bob BYE | X-Skip: yes', 'alice 200 BYE'),
  call('unmanaged', 'alice INVITE | X-Case: unmanaged', ...ANSWERED, ...BYE),
  call(
    'two answer',
    'alice INVITE',
    'bob 200',
    'bob 200',
    'alice ACK',
    'alice BYE',
    'alice again',
    'bob 200 BYE',
  ),
]

const cdr = (name: string, acc: Record<string, string | number>, dialog = {}): Setup => ({
  folder: 'cdr',
  name,
  modules: ['acc', 'db_sqlite'],
  params: {
    dialog: { send_bye: 1, ...dialog },
    acc: { cdr_enable: 1, log_level: -3, db_url: 'DB', ...acc },
  },
  routes: ROUTES,
  calls: RECORDED,
})

const EXTRA = 'who=$dlg_var(who);src=$fU;agent=$hdr(User-Agent);code=$rs;callid=$ci'

export const RECORDS: Setup[] = [
  cdr('plain', {}),
  cdr('extras', { cdr_extra: EXTRA, cdrs_table: 'acc_cdrs' }),
  cdr('nullable', {
    cdr_extra: EXTRA,
    cdr_extra_nullable: 1,
    cdrs_table: 'acc_cdrs',
    cdr_log_enable: 0,
  }),
  cdr('names', {
    cdr_start_id: 'began',
    cdr_end_id: 'ended',
    cdr_duration_id: 'lasted',
    cdr_start_on_confirmed: 1,
    cdr_expired_dlg_enable: 1,
    cdr_on_failed: 0,
    cdr_skip: '$dlg_var(skip)',
    cdrs_table: 'other_cdrs',
  }),
  cdr('skip', { cdr_skip: 'skip', cdr_facility: 'LOG_LOCAL3', log_flag: 1 }),
]

/** What is in the queue is told with the OPTIONS behind each call. */
const QUEUED = ROUTES.replace(
  'request_route {',
  `request_route {
  while (mq_fetch("cdrs")) xlog("L_ALERT", "@@$mqk(cdrs): $mqv(cdrs)\\n");
  if (is_method("OPTIONS")) exit;`,
)
const json = (name: string, acc: Record<string, string | number>, more = {}): Setup => ({
  folder: 'cdr',
  name,
  modules: ['mqueue', 'acc', 'acc_json'],
  params: {
    dialog: { send_bye: 1 },
    acc: { cdr_enable: 1, ...acc },
    mqueue: { mqueue: 'name=cdrs' },
    acc_json: { cdr_enable: 1, cdr_output_mqueue: 'cdrs', ...more },
  },
  routes: QUEUED,
  calls: RECORDED.map(one => ({ ...one, steps: [...one.steps, 'alice OPTIONS'] })),
})

export const JSON_RECORDS: Setup[] = [
  json('json', { cdr_log_enable: 0 }),
  json(
    'json-extras',
    { cdr_log_enable: 0, cdr_on_failed: 0, cdr_start_id: 'began' },
    {
      cdr_extra: 'who=$dlg_var(who);agent=$hdr(User-Agent);js_n=$var(two);code=$rs;who=$fU',
      cdr_pre_encoded_prefix: 'js_',
      cdr_expired_dlg_enable: 1,
    },
  ),
  json('json-both', { log_level: -3, cdr_extra: 'who=$fU', cdr_skip: 'skip' }),
]
