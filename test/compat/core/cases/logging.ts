// The log: lines of the script, their levels, prefixes and colours, and what the core says itself.
import { type Case, request } from '../case.ts'
import { taken } from './bodies.ts'

const ask = (user = 'bob') => ({ send: request('OPTIONS', { uri: `sip:${user}@127.0.0.1:9` }) })

const script = (name: string, body: string, globals = '', more: Partial<Case> = {}): Case => ({
  name,
  globals: `debug=3\n${globals}`,
  routes: `request_route { ${body} }`,
  steps: [ask()],
  ...more,
})

const ALL = `
  xlog("one\\n"); xlog("L_ERR", "two\\n"); xlog("L_INFO", "three\n"); xlog("four\\n\\n");
  xdbg("dbg\\n"); xinfo("info\\n"); xnotice("notice\\n"); xwarn("warn\\n"); xerr("err\\n");
  xcrit("crit\\n"); xalert("alert\\n"); xbug("bug\\n");
  xlogl("L_ERR", "line\\n"); xdbgl("line\\n"); xlogl("one line\\n");
  xlogm("L_ERR", "multi\\nline\\n"); xlog("L_ERR", "multi\\nline\\n"); xlogm("L_ERR", "single");
  xlog("LOG_LOCAL3", "L_ERR", "facility\\n"); xlogl("LOG_LOCAL3", "L_WARN", "facility line\\n");
  log(1, "core\\n");`

const WORDS = [
  'L_ALERT',
  'L_BUG',
  'L_CRIT',
  'L_CRITICAL',
  'L_ERR',
  'L_ERROR',
  'L_WARN',
  'L_WARNING',
  'L_NOTICE',
  'L_INFO',
  'L_DBG',
  'L_DEBUG',
  'XXE',
  'A_IX',
  'EEEE',
]

const levels: readonly Case[] = [
  script('functions of xlog', ALL),
  script('functions of xlog at debug=0', ALL, 'debug=0'),
  script('functions of xlog at debug=-1', ALL, 'debug=-1'),
  script('functions of xlog at debug=-3', ALL, 'debug=-3'),
  script('functions of xlog at debug=-5', ALL, 'debug=-5'),
  script('functions of xlog at debug=-7', ALL, 'debug=-7'),
  script('long_format', ALL, 'modparam("xlog", "long_format", 1)'),
  script('level words', WORDS.map(level => `xlog("${level}", "${level}\\n");`).join(' ')),
  script(
    'level variables',
    [-7, -6, -5, -4, -3, -2, -1, 0, 1, 2, 3, 4, 9]
      .map(level => `$var(l) = ${level}; xlog("$var(l)", "level ${level}\\n");`)
      .join(' '),
  ),
  script(
    'level texts in variables',
    ['L_ERR', 'L_DBG', 'x', '', 'L_', '2']
      .map(
        level =>
          `$var(l) = "${level}"; $var(r) = xlog("$var(l)", "level ${level}\\n"); \
xlog("gives $var(r)\\n");`,
      )
      .join(' '),
  ),
  script(
    'results',
    '$var(a) = xlog("x\\n"); $var(b) = xdbg("y\\n"); $var(c) = xlogm("L_ERR", "z\\n"); ' +
      'xlog("$var(a) $var(b) $var(c)\\n"); if (xlog("true\\n")) xlog("yes\\n");',
  ),
]

const ALL_LINES = { log: 'all' } as const

const prefixes: readonly Case[] = [
  script('prefix', ALL, 'debug=2\nmodparam("xlog", "prefix", "MY: ")', ALL_LINES),
  script(
    'prefix with variables off',
    'xlog("x\\n");',
    'debug=2\nmodparam("xlog", "prefix", "$rU: ")',
    ALL_LINES,
  ),
  script(
    'prefix_mode',
    'xlog("x\\n"); $ru = "sip:eve@h"; xlog("y\\n"); xlogl("L_ERR", "z\\n");',
    'debug=2\nmodparam("xlog", "prefix", "$rU: ")\nmodparam("xlog", "prefix_mode", 1)',
    ALL_LINES,
  ),
  script('prefix empty', 'xlog("x\\n");', 'debug=2\nmodparam("xlog", "prefix", "")', ALL_LINES),
  ...[0, 1, 2, 3].map(mode =>
    script(
      `log_prefix_mode=${mode}`,
      '$var(x) = 1; xlog("a\\n"); $var(x) = 2; xlog("b\\n"); log(1, "core\\n"); route(R); ',
      `log_prefix="{$mt $var(x) $rU} "\nlog_prefix_mode=${mode}`,
      {
        routes: `request_route { $var(x) = 1; xlog("a\\n"); $var(x) = 2; xlog("b\\n"); \
log(1, "core\\n"); force_send_socket(udp:127.0.0.1:25170); $ru = "sip:eve@h"; xlog("c\\n"); \
route(R); append_hf("bad"); append_branch("x"); strip(99); }
route[R] { $var(x) = 3; xlog("d\\n"); }
event_route[core:worker-one-init] { xlog("init\\n"); }`,
        log: 'script',
        steps: [ask(), ask('carol')],
      },
    ),
  ),
  script('log_prefix with a malformed message', 'xlog("x\\n");', 'log_prefix="{$ci} "', {
    log: 'all',
    globals: 'debug=0\nlog_prefix="{$ci} "',
    steps: [{ send: request('OPTIONS').replace(/CSeq: .*\r\n/, 'CSeq: x OPTIONS\r\n') }],
  }),
  script(
    'log_prefix in core lines',
    'append_branch("nonsense"); forward(127.0.0.1, 1); $du = "nonsense"; t_relay();',
    '',
    {
      log: 'all',
      globals: 'debug=0\nlog_prefix="{$ci} "',
    },
  ),
]

const filters: readonly Case[] = [
  script(
    'methods_filter',
    'xlogm("L_ERR", "m $rm\\n"); xlog("L_ERR", "x $rm\\n");',
    'modparam("xlog", "methods_filter", 8)',
    {
      steps: [
        ask(),
        { send: request('MESSAGE') },
        { send: request('BYE') },
        { rpc: 'cfg.seti', params: ['xlog', 'methods_filter', 0] },
        ask(),
        { send: request('BYE') },
      ],
    },
  ),
  script('methods_filter as usual', 'xlogm("L_ERR", "m $rm\\n");', '', {
    steps: [ask(), { send: request('BYE') }],
  }),
  script(
    'buf_size',
    '$var(r) = xlog("0123456789012345678901234567890123456789\\n"); xlog("r $var(r)\\n"); ' +
      '$var(r) = xlog("012345678901234567890123456789$rU\\n"); xlog("r $var(r)\\n"); ' +
      '$var(r) = xlog("$rU$rU$rU$rU$rU$rU$rU$rU$rU$rU$rU$rU$rU\\n"); xlog("r $var(r)\\n"); ' +
      '$var(r) = xlogm("L_ERR", "012345678901234567890123456789$rU\\n"); xlog("r $var(r)\\n");',
    'modparam("xlog", "buf_size", 32)',
  ),
]

const colours: readonly Case[] = [
  script('$C without colours', 'xlog("$C(rx)red$C(xx) $C(gb)x\\n");', '', {
    log: 'all',
    globals: 'debug=0',
  }),
  script('force_color', 'xlog("$C(rx)red$C(xx) $C(gb)x $C(Rx)bright\\n");', '', {
    log: 'all',
    globals: 'debug=0\nmodparam("xlog", "force_color", 1)',
  }),
  script('log_color', ALL, '', { log: 'all', globals: 'debug=2\nlog_color=yes' }),
  script(
    'log_colors',
    'xlog("L_ERR", "x\\n"); xlog("L_WARN", "y\\n"); xlog("L_INFO", "z\\n"); log(1, "core\\n");',
    '',
    {
      log: 'all',
      globals:
        'debug=2\nlog_color=yes\nmodparam("xlog", "log_colors", "L_ERR=cr;L_WARN=px")\n' +
        'modparam("xlog", "log_colors", "L_INFO=Bx")',
    },
  ),
  script('log_colors with force_color', 'xlog("L_ERR", "x\\n"); xlog("L_WARN", "y\\n");', '', {
    log: 'all',
    globals:
      'debug=2\nmodparam("xlog", "log_colors", "L_ERR=cr;L_WARN=px")\n' +
      'modparam("xlog", "force_color", 1)',
  }),
]

const engine: readonly Case[] = [
  script('log_engine_type without its module', 'xlog("L_ERR", "x\\n");', '', {
    log: 'all',
    globals: 'debug=2\nlog_engine_type="json"\nlog_engine_data="a"\nlog_prefix="{$rm $ci} "',
  }),
]

const latency: readonly Case[] = [
  script('latency_cfg_log', 'xlog("x\\n"); sl_send_reply("200", "OK");', '', {
    log: 'all',
    globals: 'debug=0\nlatency_cfg_log=0',
    routes:
      'request_route { xlog("x\\n"); sl_send_reply("200", "OK"); }\nreply_route { xlog("r\\n"); }',
    steps: [
      ask(),
      {
        send: request('OPTIONS').replace(
          /^OPTIONS.*\r\nVia/,
          'SIP/2.0 200 OK\r\nVia: SIP/2.0/UDP 127.0.0.1:25170;branch=z9hG4bKx\r\nVia',
        ),
      },
    ],
  }),
  script('latency_limit_cfg', '', '', {
    log: 'all',
    globals: 'debug=0\nlatency_limit_cfg=1',
    routes: `request_route { $var(i) = 0; while ($var(i) < 90) { $var(i) = $var(i) + 1; \
$var(t) = $(ru{s.md5}); $var(u) = $(ci{s.md5}); \
pv_printf("$var(z)", "$ru $ci $fu $tu $(ru{s.md5})"); } }`,
  }),
  script('latency_limit_cfg at a level', '', '', {
    log: 'all',
    globals: 'debug=0\nlatency_limit_cfg=1\nlatency_log=0\nlatency_limit_action=100000000',
    routes: `request_route { $var(i) = 0; while ($var(i) < 90) { $var(i) = $var(i) + 1; \
$var(t) = $(ru{s.md5}); $var(u) = $(ci{s.md5}); \
pv_printf("$var(z)", "$ru $ci $fu $tu $(ru{s.md5})"); } }`,
  }),
]

const takenOrNot: readonly Case[] = [
  ...[
    'xlog("2", "x");',
    'xlog("L", "x");',
    'xlog("", "x");',
    'xlog("x" + $ru);',
    'xlog("a" + "b");',
    'xlog(5);',
  ],
  ...[
    'xlog($ru);',
    'xlog(L_ERR, "x");',
    'xlog("L_ERR", $ru);',
    'xlog("LOG_NOPE", "L_ERR", "x");',
    'xlog("LOG_LOCAL0", "x");',
  ],
  ...[
    'xlog();',
    'xlog("$nope(x)");',
    'xlog("$");',
    'xlogm("x");',
    'xdbg("L_ERR", "x");',
    'xlog("L_ERR", "a", "b", "c");',
    'xlog("$var(l)", "x");',
    'xlog("-1", "x");',
  ],
].map(body => taken(body))

const paramsTaken: readonly Case[] = [
  'log_facility=LOG_LOCAL7',
  'log_facility="LOG_LOCAL7"',
  'log_facility=LOG_NOPE',
  'log_facility=5',
  'modparam("xlog", "log_facility", "LOG_LOCAL0")',
  'modparam("xlog", "log_facility", "NOPE")',
  'modparam("xlog", "log_colors", "L_ERR")',
  'modparam("xlog", "log_colors", "NOPE=rx")',
  'modparam("xlog", "log_colors", "L_ERR=zz")',
  'modparam("xlog", "buf_size", 0)',
  'log_prefix="$nope "',
  'log_prefix=abc',
  'log_name="abc"',
  'log_name=abc',
  'log_engine_type="nope"',
  'debug=-9',
  'debug=99',
  'log_prefix_mode=9',
].map(globals => taken('exit;', globals))

const complaints: Case = {
  name: 'malformed messages',
  globals: 'debug=0',
  log: 'all',
  routes: 'request_route { xlog("request $rm\\n"); }\nreply_route { xlog("reply\\n"); }',
  steps: [
    { send: 'garbage\r\n\r\n' },
    { send: 'OPTIONS\r\n\r\n' },
    { send: request('OPTIONS').replace(/Via: .*\r\n/, '') },
    { send: request('OPTIONS').replace(/Via: .*\r\n/, 'Via: nonsense\r\n') },
    { send: request('OPTIONS').replace(/CSeq: .*\r\n/, '') },
    { send: request('OPTIONS').replace(/CSeq: .*\r\n/, 'CSeq: x OPTIONS\r\n') },
    { send: request('OPTIONS').replace(/From: .*\r\n/, '') },
    { send: request('OPTIONS').replace(/Call-ID: .*\r\n/, '') },
    { send: request('OPTIONS').replace(/To: .*\r\n/, '') },
    { send: request('OPTIONS').replace('OPTIONS sip', 'OPTIONS  sip') },
    { send: request('OPTIONS').replace('SIP/2.0\r\n', 'SIP/3.0\r\n') },
    { send: request('OPTIONS').replace('Max-Forwards: 70', 'Max-Forwards') },
    { send: request('OPTIONS').replace('CSeq: 1 OPTIONS', 'CSeq: 1 INVITE') },
    { send: request('OPTIONS').replace('sip:bob', 'xyz:bob') },
    { send: 'SIP/2.0 200 OK\r\n\r\n' },
    { send: 'SIP/2.0 2x0 OK\r\n\r\n' },
    { send: 'SIP/2.0 200 OK\r\nVia: SIP/2.0/UDP 127.0.0.1:25170;branch=z9hG4bKx\r\n\r\n' },
  ],
}
const complaintsLevel = (name: string, globals: string): Case => ({
  ...complaints,
  name,
  globals,
  steps: complaints.steps.filter((_, i) => [2, 3, 4, 9].includes(i)),
})

export const logging: readonly Case[] = [
  ...levels,
  ...prefixes,
  ...filters,
  ...colours,
  ...engine,
  ...latency,
  ...takenOrNot,
  ...paramsTaken,
  complaints,
  complaintsLevel('malformed messages, corelog=0', 'debug=-1\ncorelog=0'),
  complaintsLevel('malformed messages, sip_parser_log', 'debug=0\nsip_parser_log=3'),
  complaintsLevel(
    'malformed messages, sip_parser_log_oneline',
    'debug=0\nsip_parser_log_oneline=1',
  ),
]
