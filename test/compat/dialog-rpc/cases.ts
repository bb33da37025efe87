// What the real Kamailio was asked about calls that it has: commands of RPC, profiles, rows of its
// tables. Both sides run the same config and get the same messages.
import type { DatabaseSync } from 'node:sqlite'
import { PEER_PORT, SERVER_PORT } from '../../kit/bench-ports.ts'

export const CALLER_PORT = PEER_PORT
export const CALLEE_PORT = PEER_PORT + 1
export const RPC_PORT = PEER_PORT + 2

/** A row of a table. */
export type Row = Readonly<Record<string, string | number | bigint | null>>

/** A call by its Call-ID: what happens to it. */
export type CallStep =
  | 'invite'
  | 'ring'
  | 'answer'
  | 'ack'
  | 'info'
  | 'bye'
  | 'bye answered'
  | 'busy'
  /** All of the first four. */
  | 'call'

export type Step =
  | { readonly call: string; readonly does: CallStep }
  | { readonly rpc: readonly (string | number)[] }
  /** The tables are looked at. */
  | 'rows'

export interface Case {
  readonly name: string
  /** Parameters of dialog. */
  readonly params?: Readonly<Record<string, string | number>>
  /** Statements behind dlg_manage() of a new call. */
  readonly script?: string
  /** Statements before it. */
  readonly before?: string
  /** Statements of an INFO within a call. */
  readonly info?: string
  readonly onReply?: string
  readonly onFailure?: string
  /** What the tables hold at the start. */
  readonly stored?: readonly Row[]
  readonly variables?: readonly Row[]
  readonly steps: readonly Step[]
}

const does = (does: CallStep, call = 'c1'): Step => ({ call, does })
const rpc = (...words: (string | number)[]): Step => ({ rpc: words })

const PROFILES = { profiles_with_value: 'caller; dest', profiles_no_value: 'inbound ; all' }
const COUNTED =
  'set_dlg_profile("inbound"); set_dlg_profile("caller", "$fU"); $dlg_var(foo) = "bar"; ' +
  'dlg_setflag("3");'

/** A statement whose return code a step of RPC shows. */
const tell = (statement: string, n: number): string =>
  `${statement}; $var(rc) = $rc; $dlg_var(r${n}) = "$var(rc) $avp(s)";`
const told = (statements: readonly string[], from = 1): string =>
  statements.map((statement, i) => tell(statement, from + i)).join(' ')

const matches: Step[] = [
  ['callid', 'eq', 'c2'],
  ['ruri', 're', '^SIP:b[ao]b@'],
  ['furi', 'sw', 'sip:al', 1],
  ['turi', 'eq', 'sip:bob@example.net', 0],
  ['start_ts', 'gt', '0'],
  ['start_ts', 'lt', '100'],
  ['start_ts', 're', '1'],
  ['x', 'eq', '1'],
  ['callid', 'xx', '1'],
  ['callid', 'gt', 'c1'],
  ['callid', 'eq', ''],
  ['callid', 're', '('],
  ['callid', 'eq', 'none'],
  ['callid', 'eq'],
  ['callid'],
].map(words => rpc('dlg.list_match', ...words))

/** Rows as another start of the server left them, with changes; times count from now. */
function stored(rows: readonly Row[]): Row[] {
  return rows.map((row, i) => ({
    hash_entry: 0,
    hash_id: i + 1,
    callid: `stored${i}`,
    from_uri: 'sip:a@example.org',
    from_tag: 'f',
    to_uri: 'sip:c@example.net',
    to_tag: 't',
    caller_cseq: '1',
    callee_cseq: '2',
    caller_route_set: null,
    callee_route_set: null,
    caller_contact: 'sip:a@127.0.0.1',
    callee_contact: 'sip:c@127.0.0.1',
    caller_sock: `udp:127.0.0.1:${SERVER_PORT}`,
    callee_sock: `udp:127.0.0.1:${SERVER_PORT}`,
    state: 4,
    start_time: -100,
    timeout: 500,
    sflags: 0,
    iflags: 0,
    toroute_name: null,
    req_uri: 'sip:r@127.0.0.1',
    xdata: null,
    ...row,
  }))
}

/** Puts them into the tables. */
export function fill(
  db: DatabaseSync,
  { stored = [], variables = [] }: Pick<Case, 'stored' | 'variables'>,
): void {
  const now = Math.floor(Date.now() / 1000)
  const insert = (table: string, row: Row): void => {
    const names = Object.keys(row)
    const marks = names.map(() => '?').join()
    db.prepare(`INSERT INTO ${table} (${names.join()}) VALUES (${marks})`).run(
      ...Object.values(row),
    )
  }
  for (const row of stored)
    insert('dialog', {
      ...row,
      start_time: row.start_time === 0 ? 0 : now + Number(row.start_time),
      timeout: now + Number(row.timeout),
    })
  for (const row of variables) insert('dialog_vars', row)
}

export const cases: readonly Case[] = [
  {
    name: 'a call from the INVITE to its end',
    params: { ...PROFILES, db_mode: 1 },
    script: COUNTED,
    steps: [
      does('invite'),
      rpc('dlg.list'),
      rpc('dlg.stats_active'),
      'rows',
      does('ring'),
      rpc('dlg.list'),
      rpc('dlg.stats_active'),
      'rows',
      does('answer'),
      rpc('dlg.list'),
      rpc('dlg.stats_active'),
      does('ack'),
      rpc('dlg.list'),
      rpc('dlg.stats_active'),
      rpc('dlg.is_alive', 'c1', 'fc1', 'tc1'),
      'rows',
      does('bye'),
      does('bye answered'),
      rpc('dlg.list'),
      rpc('dlg.stats_active'),
      rpc('dlg.profile_get_size', 'inbound'),
      rpc('dlg.is_alive', 'c1', 'fc1', 'tc1'),
    ],
  },
  {
    name: 'a call that is refused',
    params: { ...PROFILES, db_mode: 1 },
    script: COUNTED,
    steps: [
      does('invite'),
      rpc('dlg.profile_get_size', 'caller', 'alice'),
      does('busy'),
      rpc('dlg.profile_get_size', 'caller', 'alice'),
      rpc('dlg.stats_active'),
      'rows',
    ],
  },
  {
    name: 'commands about two calls',
    params: PROFILES,
    script: COUNTED,
    steps: [
      does('call'),
      does('call', 'c2'),
      rpc('dlg.list'),
      rpc('dlg.briefing'),
      rpc('dlg.briefing', 'ftcFISEs'),
      rpc('dlg.briefing', 'x'),
      rpc('dlg.dlg_list', 'c1'),
      rpc('dlg.dlg_list', 'c2', 'fc2'),
      rpc('dlg.dlg_list', 'c2', 'tc2'),
      rpc('dlg.dlg_list', 'none'),
      rpc('dlg.dlg_list_ctx', 'c1'),
      ...matches,
      rpc('dlg.list_match_ctx', 'callid', 'eq', 'c1'),
      rpc('dlg.is_alive', 'c1', 'tc1', 'fc1'),
      rpc('dlg.is_alive', 'c1', 'fc1'),
      rpc('dlg.is_alive', 'c9', 'fc1', 'x'),
      rpc('dlg.profile_get_size', 'caller', 'alice'),
      rpc('dlg.profile_get_size', 'caller'),
      rpc('dlg.profile_get_size', 'caller', 'zoe'),
      rpc('dlg.profile_get_size', 'inbound', 'x'),
      rpc('dlg.profile_get_size', 'none'),
      rpc('dlg.profile_list', 'caller', 'alice'),
      rpc('dlg.profile_list', 'caller', 'zoe'),
      rpc('dlg.profile_list', 'none'),
      rpc('dlg.end_dlg'),
      rpc('dlg.end_dlg', 0),
      rpc('dlg.end_dlg', 0, 0),
      rpc('dlg.end_dlg', 9, 7),
      rpc('dlg.terminate_dlg', 'c1', 'x'),
      rpc('dlg.terminate_dlg', 'c1', 'x', 'y'),
      rpc('dlg.set_state', 'c1', 'fc1'),
      rpc('dlg.set_state', 'c1', 'fc1', 'tc1', 'x'),
      rpc('dlg.set_state', 'c1', 'fc1', 'tc1', 6),
      rpc('dlg.set_state', 'c1', 'x', 'y', 3),
      rpc('dlg.set_state', 'c1', 'fc1', 'tc1', 3),
      rpc('dlg.is_alive', 'c1', 'fc1', 'tc1'),
      rpc('dlg.stats_active'),
      rpc('dlg.set_state', 'c1', 'tc1', 'fc1', 4),
      rpc('dlg.is_alive', 'c1', 'fc1', 'tc1'),
      rpc('dlg.bridge_dlg'),
      rpc('dlg.bridge_dlg', 'sip:a@b'),
      rpc('dlg.terminate_dlg', 'c2', 'fc2', 'tc2'),
    ],
  },
  {
    name: 'profiles in a request',
    params: PROFILES,
    script: told([
      'set_dlg_profile("inbound")',
      'set_dlg_profile("inbound")',
      'set_dlg_profile("caller", "$fU")',
      'set_dlg_profile("caller", "$fU")',
      'set_dlg_profile("caller", "bob")',
      'set_dlg_profile("caller")',
      'set_dlg_profile("inbound", "x")',
      'is_in_profile("inbound")',
      'is_in_profile("caller")',
      'is_in_profile("caller", "alice")',
      'is_in_profile("caller", "zoe")',
      'is_in_profile("all")',
      'is_in_profile("inbound", "x")',
      'get_profile_size("inbound", "$avp(s)")',
      'get_profile_size("caller", "$avp(s)")',
      'get_profile_size("caller", "alice", "$avp(s)")',
      'get_profile_size("caller", "zoe", "$avp(s)")',
      'get_profile_size("inbound", "x", "$avp(s)")',
      'unset_dlg_profile("inbound")',
      'unset_dlg_profile("caller", "alice")',
    ]),
    onReply: told(
      [
        'unset_dlg_profile("inbound")',
        'unset_dlg_profile("caller", "bob")',
        'unset_dlg_profile("caller", "nope")',
        'unset_dlg_profile("caller")',
        'set_dlg_profile("all")',
        'is_in_profile("all")',
        'get_profile_size("all", "$avp(s)")',
      ],
      31,
    ),
    steps: [does('invite'), rpc('dlg.list'), does('ring'), rpc('dlg.list')],
  },
  {
    name: 'profiles before the dialog and within it',
    params: PROFILES,
    before: 'set_dlg_profile("inbound"); set_dlg_profile("caller", "x");',
    info: told(['set_dlg_profile("all")', 'is_in_profile("inbound")', 'unset_dlg_profile("all")']),
    steps: [
      does('call'),
      rpc('dlg.profile_get_size', 'inbound'),
      rpc('dlg.list'),
      does('info'),
      rpc('dlg.list'),
    ],
  },
  {
    name: 'items of other nodes',
    params: PROFILES,
    script: told([
      'dlg_remote_profile("add", "inbound", "", "u1", "0")',
      'dlg_remote_profile("add", "inbound", "", "u1", "0")',
      'dlg_remote_profile("add", "caller", "v", "u2", "0")',
      'dlg_remote_profile("add", "caller", "", "u3", "0")',
      'dlg_remote_profile("add", "inbound", "v", "u4", "0")',
      'dlg_remote_profile("add", "inbound", "", "", "0")',
      'dlg_remote_profile("add", "none", "", "u5", "0")',
      'dlg_remote_profile("xx", "inbound", "", "u1", "0")',
      'dlg_remote_profile("rm", "inbound", "", "u1", "0")',
      'dlg_remote_profile("rm", "inbound", "", "u9", "0")',
      'get_profile_size("inbound", "$avp(s)")',
      'get_profile_size("caller", "v", "$avp(s)")',
    ]),
    steps: [does('invite'), rpc('dlg.list'), rpc('dlg.profile_list', 'inbound')],
  },
  {
    name: 'what the rows hold',
    params: { ...PROFILES, db_mode: 1 },
    script:
      'dlg_set_property("timeout-noreset"); dlg_set_timeout("700"); $dlg_var(foo) = "bar"; ' +
      '$dlg_var(two) = "2";',
    info: '$dlg_var(three) = "3"; $dlg_var(two) = "zwei";',
    steps: [does('call'), 'rows', does('info'), 'rows'],
  },
  {
    name: 'rows of another start',
    params: { ...PROFILES, db_mode: 1, db_fetch_rows: 3 },
    stored: stored([
      {},
      { state: 3, start_time: 0 },
      { caller_sock: 'udp:192.0.2.1:5060' },
      { callee_sock: '', callee_route_set: '<sip:192.0.2.1;lr>,<sip:192.0.2.2;lr>' },
      { xdata: 'garbage' },
      {
        xdata:
          '{"profiles":[{"name":"none"},{"name":"inbound"},' +
          '{"name":"caller","value":"v","puid":"dlgp-1-2-3"},{"name":"caller"}]}',
      },
      { iflags: 8, toroute_name: 'TOR', sflags: 5 },
      { caller_cseq: '', from_tag: '', to_tag: '', caller_contact: '' },
    ]),
    variables: [
      { hash_entry: 0, hash_id: 1, dialog_key: 'a', dialog_value: '1' },
      { hash_entry: 0, hash_id: 1, dialog_key: 'b', dialog_value: 'x y' },
      { hash_entry: 0, hash_id: 77, dialog_key: 'orphan', dialog_value: '1' },
    ],
    steps: [
      ...[0, 1, 2, 3, 4, 5, 6, 7].map(n => rpc('dlg.dlg_list', `stored${n}`)),
      rpc('dlg.stats_active'),
      rpc('dlg.profile_list', 'inbound'),
    ],
  },
  {
    name: 'rows that are read when they are asked for',
    params: { ...PROFILES, db_mode: 1, db_skip_load: 1 },
    stored: stored([{}, {}]),
    info: told([
      'dlg_db_load_callid("stored1")',
      'dlg_db_load_callid("stored1")',
      'dlg_db_load_callid("none")',
      'dlg_db_load_extra()',
    ]),
    steps: [
      does('call'),
      rpc('dlg.stats_active'),
      does('info'),
      rpc('dlg.dlg_list', 'c1'),
      rpc('dlg.dlg_list', 'stored0'),
      rpc('dlg.dlg_list', 'stored1'),
    ],
  },
]

// ---- the config and the messages

export function configOf({ params = {}, ...one }: Case, url: string): string {
  const modules = 'kex corex tm tmx sl rr pv textops siputils xlog jsonrpcs db_sqlite dialog'
  const all = { enable_stats: 1, hash_size: 1, db_url: url, ...params }
  return [
    ...modules.split(' ').map(name => `loadmodule "${name}.so"`),
    'modparam("jsonrpcs", "transport", 0)',
    ...Object.entries(all).map(
      ([name, value]) => `modparam("dialog", "${name}", ${JSON.stringify(value)})`,
    ),
    routesOf(one),
  ].join('\n')
}

const routesOf = ({ before = '', script = '', info = '', ...on }: Omit<Case, 'params'>): string => `
request_route {
  if ($rm == "MESSAGE") {
    jsonrpc_exec("$rb");
    set_reply_body("$jsonrpl(body)", "application/json");
    sl_send_reply("200", "OK");
    exit;
  }
  if (has_totag()) {
    loose_route();
    if ($rm == "INFO") { ${info} $var(x) = 1; }
    t_relay();
    exit;
  }
  ${before}
  dlg_manage();
  ${script}
  record_route();
  $du = "sip:127.0.0.1:${CALLEE_PORT}";
  t_on_reply("R");
  t_on_failure("F");
  t_relay();
}
onreply_route[R] { ${on.onReply ?? ''} $var(x) = 1; }
failure_route[F] { ${on.onFailure ?? ''} $var(x) = 1; }
`
