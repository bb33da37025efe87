// Runtime parameters: groups, instances, what RPC may change and what the next message sees.
import { type Case, request, type Step } from '../case.ts'
import { taken } from './bodies.ts'

const PSTN = `pstn.gw_ip = "1.2.3.4" desc "PSTN GW Address"
pstn.gw_port = 5060 desc "PSTN port"
pstn.title = "plain"
pstn[1].gw_ip = "10.0.0.1"
pstn[2].gw_port = 7070
other.x = 1`

const show = (mark: string): string =>
  `xlog("L_ERR", "@ ${mark} \
$sel(cfg_get.pstn.gw_ip) $sel(cfg_get.pstn.gw_port) $sel(cfg_selected.pstn)\\n");`

const ask: Step = { send: request('OPTIONS') }
const rpc = (name: string, ...params: unknown[]): Step => ({ rpc: `cfg.${name}`, params })

const selecting: Case = {
  name: 'cfg_select and cfg_reset',
  globals: PSTN,
  routes: `request_route {
  ${show('before')}
  cfg_select("pstn", 1); ${show('1')}
  cfg_select("pstn", 2); ${show('2')}
  cfg_select("pstn", 9); ${show('9')}
  $var(r) = cfg_select("pstn", 9); xlog("L_ERR", "@ 9 gives $var(r)\\n");
  $var(r) = cfg_select("pstn", 1); xlog("L_ERR", "@ 1 gives $var(r)\\n");
  $var(x) = 2;
  cfg_select("pstn", $var(x)); ${show('$$var(x)')}
  cfg_select("pstn", "1"); ${show('text')}
  cfg_select("pstn", $var(x) - 1); ${show('sum')}
  cfg_reset("pstn"); ${show('reset')}
  $var(r) = cfg_reset("pstn"); xlog("L_ERR", "@ reset gives $var(r)\\n");
  if (cfg_select("pstn", 1)) xlog("L_ERR", "@ true\\n");
  route(INNER);
  ${show('after route')}
}
route[INNER] { ${show('in route')} cfg_select("pstn", 2); }`,
  steps: [ask, ask],
}

const operands: Case = {
  name: 'selects of runtime parameters',
  globals: PSTN,
  routes: `request_route {
  xlog("L_ERR", "@ $sel(cfg_get.pstn.title) $sel(cfg_get.other.x)\\n");
  $var(a) = @cfg_get.pstn.gw_ip; $var(b) = @cfg_get.pstn.gw_port; $var(c) = @cfg_selected.pstn;
  xlog("L_ERR", "@ $var(a) $var(b) $var(c)\\n");
  if (@cfg_get.pstn.gw_port == 5060) xlog("L_ERR", "@ int\\n");
  if (@cfg_get.pstn.gw_port == "5060") xlog("L_ERR", "@ text\\n");
  cfg_select("pstn", 1);
  $var(a) = @cfg_get.pstn.gw_ip; $var(b) = @cfg_get.pstn.gw_port; $var(c) = @cfg_selected.pstn;
  xlog("L_ERR", "@ $var(a) $var(b) $var(c)\\n");
  xlog("L_ERR", "@ $ccp(pstn.gw_ip) $ccp(pstn.gw_port) $ccp(pstn.title)\\n");
  xlog("L_ERR", "@ $sel(cfg_get.core.debug)\\n");
  xlog("L_ERR", "@ $ccp(core.debug)\\n");
}`,
  steps: [ask],
}

const assigning: Case = {
  name: 'assigning to $ccp',
  globals: PSTN,
  routes: `request_route {
  xlog("L_ERR", "@ $ccp(pstn.gw_ip) $ccp(pstn.gw_port)\\n");
  $ccp(pstn.gw_port) = 99;
  $ccp(pstn.gw_ip) = "9.9.9.9";
  xlog("L_ERR", "@ $ccp(pstn.gw_ip) $ccp(pstn.gw_port) $sel(cfg_get.pstn.gw_port)\\n");
}`,
  steps: [ask, ask, rpc('get', 'pstn', 'gw_port')],
}

const plainRoutes = `request_route { \
${show('seen')} xlog("L_ERR", "@ debug $sel(cfg_get.core.debug)\\n"); }`

const changing: Case = {
  name: 'changing by RPC',
  globals: PSTN,
  routes: plainRoutes,
  steps: [
    ask,
    rpc('get', 'pstn'),
    rpc('get', 'pstn', 'gw_ip'),
    rpc('get', 'pstn', 'gw_port'),
    rpc('get', 'pstn[1]', 'gw_ip'),
    rpc('get', 'pstn[1]', 'gw_port'),
    rpc('get', 'pstn[1]'),
    rpc('get', 'pstn[9]', 'gw_ip'),
    rpc('get', 'none'),
    rpc('get', 'pstn', 'none'),
    rpc('get'),
    rpc('set_now_int', 'pstn', 'gw_port', 6060),
    rpc('seti', 'pstn', 'gw_port', 6061),
    ask,
    rpc('set_now_string', 'pstn', 'gw_ip', '5.6.7.8'),
    rpc('sets', 'pstn', 'gw_ip', '5.6.7.9'),
    ask,
    rpc('set', 'pstn', 'gw_port', 6062),
    rpc('set', 'pstn', 'gw_ip', '5.6.7.10'),
    ask,
    rpc('seti', 'pstn[1]', 'gw_port', 1111),
    rpc('get', 'pstn[1]'),
    rpc('sets', 'pstn[3]', 'gw_ip', '3.3.3.3'),
    rpc('seti', 'none', 'x', 1),
    rpc('seti', 'pstn', 'none', 1),
    rpc('seti', 'pstn', 'gw_ip', 5),
    rpc('get', 'pstn', 'gw_ip'),
    rpc('sets', 'pstn', 'gw_port', '77'),
    rpc('get', 'pstn', 'gw_port'),
    rpc('sets', 'pstn', 'gw_port', 'x'),
    rpc('get', 'pstn', 'gw_port'),
    rpc('seti', 'pstn', 'gw_port', '66'),
    rpc('get', 'pstn', 'gw_port'),
    rpc('sets', 'pstn', 'gw_ip', 7),
    rpc('set', 'pstn', 'gw_port', '88'),
    rpc('get', 'pstn', 'gw_port'),
    rpc('set', 'pstn', 'gw_ip', 9),
    rpc('get', 'pstn', 'gw_ip'),
    rpc('seti', 'pstn', 'gw_port'),
    rpc('seti', 'pstn'),
    rpc('seti'),
    rpc('seti', 'pstn[x]', 'gw_port', 1),
    rpc('seti', 'pstn[1', 'gw_port', 1),
    rpc('seti', 'pstn]', 'gw_port', 1),
    rpc('seti', '[1]', 'gw_port', 1),
    rpc('seti', 'pstn[]', 'gw_port', 1),
    rpc('seti', 'pstn[-1]', 'gw_port', 1),
    rpc('seti', 'pstn[99999999999]', 'gw_port', 1),
    rpc('seti', '', 'gw_port', 1),
    rpc('sets', 'pstn', 'gw_ip', ''),
    rpc('get', 'pstn', 'gw_ip'),
  ],
}

const instances: Case = {
  name: 'instances by RPC',
  globals: PSTN,
  routes: `request_route { cfg_select("pstn", 3); ${show('3')} cfg_select("pstn", 1); \
${show('1')} }`,
  steps: [
    ask,
    rpc('add_group_inst', 'pstn[3]'),
    ask,
    rpc('add_group_inst', 'pstn[3]'),
    rpc('add_group_inst', 'pstn'),
    rpc('add_group_inst', 'none[1]'),
    rpc('get', 'pstn[3]'),
    rpc('sets', 'pstn[3]', 'gw_ip', '3.3.3.3'),
    ask,
    rpc('seti', 'pstn', 'gw_port', 4444),
    rpc('get', 'pstn[3]'),
    ask,
    rpc('del', 'pstn[3]', 'gw_ip'),
    rpc('get', 'pstn[3]'),
    rpc('del', 'pstn[3]', 'gw_ip'),
    rpc('del', 'pstn[3]', 'none'),
    rpc('del', 'pstn[9]', 'gw_ip'),
    rpc('del', 'pstn', 'gw_ip'),
    rpc('del', 'pstn[1]', 'gw_ip'),
    ask,
    rpc('del_group_inst', 'pstn[3]'),
    ask,
    rpc('del_group_inst', 'pstn[3]'),
    rpc('del_group_inst', 'pstn'),
    rpc('del_group_inst', 'none[1]'),
    rpc('add_group_inst', 'core[1]'),
    rpc('seti', 'core[1]', 'debug', 1),
    rpc('get', 'core[1]', 'debug'),
    rpc('get', 'core', 'debug'),
  ],
}

const delaying: Case = {
  name: 'delayed changes by RPC',
  globals: PSTN,
  routes: plainRoutes,
  steps: [
    rpc('diff'),
    rpc('set_delayed_int', 'pstn', 'gw_port', 9),
    rpc('diff'),
    rpc('set_delayed_string', 'pstn', 'gw_ip', '9.9.9.9'),
    rpc('diff'),
    ask,
    rpc('get', 'pstn'),
    rpc('commit'),
    ask,
    rpc('diff'),
    rpc('commit'),
    rpc('set_delayed', 'pstn', 'gw_port', 10),
    rpc('rollback'),
    rpc('diff'),
    rpc('commit'),
    ask,
    rpc('rollback'),
    rpc('set_delayed', 'pstn', 'gw_port', 11),
    rpc('set_delayed', 'pstn', 'gw_port', 12),
    rpc('diff'),
    rpc('commit'),
    ask,
    rpc('set_delayed_int', 'pstn', 'none', 12),
    rpc('set_delayed_int', 'none', 'gw_port', 12),
    rpc('set_delayed_int', 'pstn', 'gw_ip', 12),
    rpc('diff'),
    rpc('set_delayed_string', 'pstn', 'gw_port', 'x'),
    rpc('rollback'),
    rpc('set_delayed_string', 'pstn[1]', 'gw_ip', 'one'),
    rpc('diff'),
    rpc('commit'),
    rpc('get', 'pstn[1]'),
    rpc('del_delayed', 'pstn[1]', 'gw_ip'),
    rpc('diff'),
    rpc('get', 'pstn[1]', 'gw_ip'),
    rpc('commit'),
    rpc('get', 'pstn[1]', 'gw_ip'),
    rpc('del_delayed', 'pstn', 'gw_ip'),
    rpc('del_delayed', 'pstn[9]', 'gw_ip'),
    rpc('rollback'),
    rpc('del_delayed', 'pstn[1]', 'none'),
    rpc('set_delayed_int', 'core', 'debug', 1),
    rpc('set_delayed_int', 'tm', 'fr_timer', 5000),
    rpc('commit'),
    rpc('get', 'core', 'debug'),
  ],
}

const help: Case = {
  name: 'help and list',
  globals: PSTN,
  routes: plainRoutes,
  steps: [
    rpc('help', 'pstn', 'gw_ip'),
    rpc('help', 'pstn', 'gw_port'),
    rpc('help', 'pstn', 'title'),
    rpc('help', 'pstn[1]', 'title'),
    rpc('help', 'pstn', 'none'),
    rpc('help', 'none', 'x'),
    rpc('help', 'core', 'none'),
    rpc('help', 'core'),
    rpc('help'),
    rpc('list', 'pstn'),
    rpc('list', 'other'),
    rpc('list', 'none'),
    rpc('list', 'maxfwd'),
    rpc('list', 'pstn[1]'),
  ],
}

const resetting: Case = {
  name: 'cfg.reset',
  globals: 'nums.a = 1\nnums.b = 2\nnums[1].a = 11',
  routes: 'request_route { exit; }',
  steps: [
    rpc('seti', 'nums', 'a', 5),
    rpc('get', 'nums'),
    rpc('reset', 'nums'),
    rpc('get', 'nums'),
    rpc('seti', 'nums[1]', 'a', 6),
    rpc('reset', 'nums[1]'),
    rpc('get', 'nums[1]'),
    rpc('reset', 'nums[9]'),
    rpc('reset', 'none'),
    rpc('reset'),
  ],
}

const core: Case = {
  name: 'core parameters by RPC',
  modules: ['maxfwd', 'usrloc', 'registrar'],
  routes: `request_route { xlog("L_WARN", "@ warn\\n"); xlog("L_DBG", "@ debug\\n"); \
$var(i) = 0; while (1) $var(i) = $var(i) + 1; }`,
  steps: [
    ask,
    rpc('seti', 'core', 'debug', 3),
    ask,
    rpc('seti', 'core', 'debug', -1),
    ask,
    rpc('seti', 'core', 'debug', 0),
    rpc('get', 'core', 'debug'),
    rpc('get', 'core', 'max_while_loops'),
    rpc('seti', 'core', 'max_while_loops', 5),
    rpc('seti', 'core', 'max_while_loops', 2000000),
    rpc('seti', 'core', 'max_while_loops', -1),
    rpc('get', 'core', 'max_while_loops'),
    rpc('seti', 'core', 'max_while_loops', 0),
    rpc('get', 'core', 'max_while_loops'),
    rpc('seti', 'core', 'max_while_loops', 100),
    rpc('sets', 'core', 'log_facility', 'LOG_LOCAL3'),
    rpc('get', 'core', 'log_facility'),
    rpc('sets', 'core', 'log_facility', 'LOG_NONE'),
    rpc('seti', 'core', 'log_facility', 5),
    rpc('get', 'core', 'dns_try_ipv6'),
    rpc('seti', 'core', 'dns_try_ipv6', 2),
    rpc('seti', 'core', 'dns_cache_mem', 5),
    rpc('get', 'core', 'udp_mtu_try_proto'),
    rpc('seti', 'core', 'udp_mtu_try_proto', 2),
    rpc('get', 'core', 'udp_mtu_try_proto'),
    rpc('seti', 'core', 'udp_mtu_try_proto', 9),
    rpc('seti', 'core', 'udp_mtu', 1300),
    rpc('seti', 'core', 'udp_mtu', 65536),
    rpc('seti', 'core', 'udp_mtu', -1),
    rpc('get', 'core', 'udp_mtu'),
    rpc('seti', 'core', 'force_rport', 2),
    rpc('seti', 'core', 'force_rport', 1),
    rpc('seti', 'core', 'corelog', 3),
    rpc('seti', 'core', 'memlog', 3),
    rpc('seti', 'core', 'mem_dump_pkg', 1),
    rpc('seti', 'core', 'dns_reinit', 1),
    rpc('get', 'core', 'dns_reinit'),
    rpc('get', 'tm', 'fr_timer'),
    rpc('seti', 'tm', 'fr_timer', 5000),
    rpc('seti', 'tm', 'fr_timer', 0),
    rpc('seti', 'tm', 'fr_timer', -5),
    rpc('get', 'tm', 'fr_inv_timer_next'),
    rpc('seti', 'tm', 'ruri_matching', 5),
    rpc('get', 'maxfwd', 'max_limit'),
    rpc('seti', 'maxfwd', 'max_limit', 300),
    rpc('seti', 'maxfwd', 'max_limit', -1),
    rpc('seti', 'maxfwd', 'max_limit', 0),
    rpc('seti', 'maxfwd', 'max_limit', 10),
    rpc('get', 'registrar', 'default_q'),
    rpc('seti', 'registrar', 'default_q', 2000),
    rpc('get', 'registrar', 'realm_pref'),
    rpc('sets', 'registrar', 'realm_pref', 'sip.'),
    rpc('get', 'tcp', 'connection_lifetime'),
    rpc('seti', 'tcp', 'connection_lifetime', 60),
    rpc('seti', 'tcp', 'connection_lifetime', -2),
    rpc('get', 'tcp', 'connection_lifetime'),
    rpc('seti', 'tcp', 'fd_cache', 0),
    rpc('seti', 'tcp', 'max_connections', 10),
    rpc('get', 'tcp', 'alias_flags'),
    rpc('get', 'tcp', 'new_conn_alias_flags'),
    rpc('get', 'tcp', 'connect_wait'),
    rpc('seti', 'tcp', 'alias_flags', 3),
    rpc('get', 'siputils', 'ring_timeout'),
  ],
}

const lists: Case = {
  name: 'all runtime parameters',
  modules: ['maxfwd', 'usrloc', 'registrar'],
  routes: 'request_route { exit; }',
  steps: [
    ...['core', 'tcp', 'tm', 'registrar', 'maxfwd', 'siputils', 'xlog'].map(group =>
      rpc('list', group),
    ),
    rpc('list'),
    ...['core', 'tcp', 'tm', 'registrar', 'maxfwd', 'siputils', 'xlog'].map(group =>
      rpc('get', group),
    ),
  ],
}

const declaring: readonly Case[] = [
  taken('exit;', 'a.x = 1 descr "d"'),
  taken('exit;', 'a.x = 1 description "d"'),
  taken('exit;', 'a.x = 1\na.x = 2'),
  taken('exit;', 'a[1].x = 1'),
  taken('exit;', 'a[1].x = 1\na.x = 2'),
  taken('exit;', 'a.x = 1\na[1].x = "s"'),
  taken('exit;', 'a.x = "s"\na[1].x = 5'),
  taken('exit;', 'a.x = 1\na[1].y = 5'),
  taken('exit;', 'core.x = 1'),
  taken('exit;', 'tm.x = 1'),
  taken('exit;', 'tm[1].fr_timer = 5000'),
  taken('exit;', 'tm[1].nope = 5000'),
  taken('exit;', 'core[1].debug = 1'),
  taken('exit;', 'tm.fr_timer = 5000'),
  taken('exit;', 'a.x = -1'),
  taken('exit;', 'a[1].x = 1 desc "d"\na.x = 2'),
  taken('exit;', 'a.default = 1'),
  taken('exit;', 'default.x = 1'),
  taken('cfg_select("a", 5);', 'a.x = 1'),
  taken('cfg_select("a", 1);', 'a.x = 1\na[1].x = 2'),
  taken('$var(x) = @cfg_get.none.x;', 'a.x = 1'),
  taken('$var(x) = @cfg_get.a.none;', 'a.x = 1'),
  taken('$var(x) = @cfg_get.a;', 'a.x = 1'),
  taken('$var(x) = $sel(cfg_get.none.x);', 'a.x = 1'),
  taken('xlog("$sel(cfg_get.a.none)");', 'a.x = 1'),
  taken('$var(x) = $ccp(none.x);', 'a.x = 1'),
  taken('$ccp(a.x) = 1;', 'a.x = 1'),
]

const moduleInstances: Case = {
  name: 'instances of groups of modules',
  modules: ['maxfwd'],
  globals: 'maxfwd[1].max_limit = 5\nother.x = 1\nother[1].x = 2',
  routes: `request_route {
  xlog("L_ERR", "@ $sel(cfg_get.maxfwd.max_limit) $sel(cfg_get.other.x)\\n");
  if (!mf_process_maxfwd_header("100")) xlog("L_ERR", "@ too many\\n");
  cfg_select("maxfwd", 1); cfg_select("other", 1);
  xlog("L_ERR", "@ $sel(cfg_get.maxfwd.max_limit) $sel(cfg_get.other.x)\\n");
  if (!mf_process_maxfwd_header("100")) xlog("L_ERR", "@ too many\\n");
  xlog("L_DBG", "@ debug line\\n");
}`,
  steps: [ask, ask],
}

export const cfg: readonly Case[] = [
  selecting,
  operands,
  assigning,
  changing,
  instances,
  delaying,
  help,
  resetting,
  core,
  lists,
  moduleInstances,
  ...declaring,
]
