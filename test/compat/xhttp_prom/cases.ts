/**
 * What xhttp_prom does, asked of the real Kamailio over HTTP: each step is a path of its own that
 * answers with what it came to, `/metrics` is asked behind all of them.
 */

export interface Group {
  readonly name: string
  readonly params: string
  /** Statements; the answer is `$rc`, or the reply of an RPC command. */
  readonly steps: readonly string[]
}

const param = (name: string, value: string | number): string =>
  `modparam("xhttp_prom", "${name}", ${typeof value === 'number' ? value : `"${value}"`})\n`
const call = (name: string, ...args: string[]): string =>
  `${name}(${args.map(arg => `"${arg}"`).join(', ')}); $var(a) = $rc;`
const rpc = (method: string, ...params: (string | number)[]): string => {
  const command = JSON.stringify({ jsonrpc: '2.0', method: `xhttp_prom.${method}`, params, id: 1 })
  return `jsonrpc_exec('${command}'); $var(a) = $jsonrpl(body);`
}

const METRICS = [
  param('prom_counter', 'name=c0;'),
  param('prom_counter', 'name=c1; label=method'),
  param('prom_counter', 'name=c3; label=a:b:c;'),
  param('prom_gauge', 'name=g0'),
  param('prom_gauge', 'name=g2; label=method:IP'),
  param('prom_histogram', 'name=h0'),
  param('prom_histogram', 'name=h1; label=lbl; buckets=3.1:5:6.5'),
  param('prom_counter', 'name=unused'),
].join('')

const inc = (...args: string[]): string => call('prom_counter_inc', ...args)
const gauge = (...args: string[]): string => call('prom_gauge_set', ...args)
const observe = (...args: string[]): string => call('prom_histogram_observe', ...args)
const resetCounter = (...args: string[]): string => call('prom_counter_reset', ...args)
const resetGauge = (...args: string[]): string => call('prom_gauge_reset', ...args)

const functions: Group = {
  name: 'functions',
  params: METRICS,
  steps: [
    ...[inc('c0', '10'), inc('c0', '5'), inc('c0', '0'), inc('c0', '-1')],
    ...['x', '', '1.5'].map(text => `$var(s) = "${text}"; ${inc('c0', '$var(s)')}`),
    ...[inc('nosuch', '1'), inc('g0', '1'), inc('c0', '1', 'l')],
    ...[inc('c1', '1'), inc('c1', '1', 'INVITE'), inc('c1', '2', 'INVITE'), inc('c1', '1', 'BYE')],
    ...[inc('c1', '1', ''), inc('c3', '1', 'x', 'y'), inc('c3', '1', 'x', 'y', 'z')],
    inc('c3', '4', 'x', 'y', 'y'),
    '$var(n) = 7; prom_counter_inc("c0", "$var(n)"); $var(a) = $rc;',
    '$var(l) = "two words"; prom_counter_inc("c1", "1", "$var(l)"); $var(a) = $rc;',
    ...[resetCounter('c3', 'x', 'y', 'z'), resetCounter('c1', 'CANCEL'), resetCounter('nosuch')],
    ...[resetCounter('c1'), resetCounter('g0')],
    ...[gauge('g0', '-12.5'), gauge('g0', '1e3'), gauge('g0', 'abc'), gauge('g0', '')],
    ...[gauge('g0', '2.8'), gauge('nosuch', '1'), gauge('c0', '1'), gauge('g0', '1', 'x')],
    ...[gauge('g2', '0.1', 'a', 'b'), gauge('g2', '100', 'b', 'b'), gauge('g2', '7', 'a')],
    ...[resetGauge('g2', 'b', 'b'), resetGauge('g2'), resetGauge('nosuch')],
    ...[observe('h0', '0.3'), observe('h0', '-12.5'), observe('h0', '100'), observe('h0', '10')],
    ...[observe('h0', 'x'), observe('h0', '1', 'l'), observe('h1', '5', 'l'), observe('h1', '4')],
    ...[observe('h1', '6.6', 'm'), observe('nosuch', '1'), observe('c0', '1')],
  ],
}

const NUMBERS = [
  '0',
  '-0',
  '1',
  '123456789',
  '0.1',
  '0.000001',
  '12345.678',
  '1e10',
  '-1e-7',
  '1e21',
]
const numbers: Group = {
  name: 'numbers',
  params:
    param('prom_gauge', 'name=g; label=l') + param('prom_histogram', 'name=h; buckets=-1:0.5:1e3'),
  steps: [
    ...NUMBERS.map((number, i) => gauge('g', number, `n${i}`)),
    ...['inf', 'nan', ' 5', '5 ', '0x10', '+3', '.5', '5.', '1e', '--1'].map((number, i) =>
      gauge('g', number, `o${i}`),
    ),
    ...NUMBERS.map(number => observe('h', number)),
  ],
}

const commands: Group = {
  name: 'commands',
  params: METRICS,
  steps: [
    ...[rpc('counter_inc', 'c0', 3), rpc('counter_inc', 'c0', 0)],
    ...[rpc('counter_inc', 'c0', '4'), rpc('counter_inc'), rpc('counter_inc', 'c0')],
    ...[rpc('counter_inc', 'nosuch', 1), rpc('counter_inc', 'c1', 2, 'INVITE')],
    ...[rpc('counter_inc', 'c1', 2), rpc('counter_inc', 'c3', 1, 'a', 'b', 'c')],
    ...[rpc('counter_inc', 'c3', 1, 'a', 'b'), rpc('counter_inc', 'g0', 1)],
    ...[rpc('counter_reset', 'c1', 'BYE'), rpc('counter_reset', 'c1'), rpc('counter_reset')],
    ...[rpc('counter_reset', 'c0'), rpc('counter_reset', 'nosuch')],
    rpc('counter_reset', 'c3', 'a', 'b', 'c'),
    ...[rpc('gauge_set', 'g0', 1.5), rpc('gauge_set', 'g0')],
    ...[rpc('gauge_set', 'g2', -2, 'a', 'b'), rpc('gauge_set', 'g2', 1, 'a'), rpc('gauge_set')],
    ...[rpc('gauge_set', 'nosuch', 1), rpc('gauge_reset', 'g2', 'x', 'y'), rpc('gauge_reset')],
    ...[rpc('gauge_reset', 'g2', 'x'), rpc('gauge_reset', 'g0'), rpc('gauge_reset', 'nosuch')],
    ...[rpc('histogram_observe', 'h0', 0.2), rpc('histogram_observe', 'h1', 4, 'l')],
    ...[rpc('histogram_observe', 'h1', 4), rpc('histogram_observe', 'h0')],
    ...[rpc('histogram_observe'), rpc('histogram_observe', 'nosuch', 1)],
    rpc('metric_list_print'),
  ],
}

const of = (name: string, params: string, ...steps: string[]): Group => ({ name, params, steps })
const stats = (text: string): Group => of(`statistics: ${text}`, param('xhttp_prom_stats', text))

export const GROUPS: readonly Group[] = [
  functions,
  numbers,
  commands,
  of('nothing', ''),
  of(
    'two of one name',
    param('prom_counter', 'name=c') +
      param('prom_gauge', 'name=c') +
      param('prom_counter', 'name=d'),
    ...[inc('c', '1'), gauge('c', '1'), inc('d', '1')],
  ),
  of(
    'buckets twice',
    param('prom_histogram', 'name=h;buckets=1:2;buckets=3') +
      param('prom_histogram', 'name=i;buckets=1:1'),
    ...[observe('h', '1.5'), observe('i', '1')],
  ),
  of('nothing to list', '', rpc('metric_list_print')),
  of('metrics that were not used', METRICS, rpc('metric_list_print')),
  ...['sl:', '200_replies', 'script:', 'a-b', 'nosuch', 'nosuch:', ':', 'sl'].map(stats),
  of(
    'metrics and statistics',
    param('prom_counter', 'name=c') + param('xhttp_prom_stats', 'script:'),
    inc('c', '1'),
  ),
  of(
    'another beginning',
    param('prom_counter', 'name=c') +
      param('xhttp_prom_stats', 'script:') +
      param('xhttp_prom_beginning', 'my_'),
    inc('c', '1'),
    rpc('metric_list_print'),
  ),
  of(
    'no beginning',
    param('prom_histogram', 'name=h;buckets=1') +
      param('xhttp_prom_stats', 'script:') +
      param('xhttp_prom_beginning', ''),
    observe('h', '1'),
  ),
  of(
    'a small buffer',
    param('prom_counter', 'name=c') + param('xhttp_prom_buf_size', 30),
    inc('c', '1'),
  ),
]

/** Parameters with which it may not start. */
export const PARAMS: readonly string[] = [
  ...['', 'name=', 'name', 'label=a', 'name=c; label=a:b:c:d', 'name=c; label=a; label=b'],
  ...['name=c; nosuch=1', 'name=c;label=', 'name=c;label=a::b', 'name=c;buckets=1'],
  ...['name=c-d', 'name=1c', 'name=c d', 'name = c ; label = x'],
]
  .map(text => param('prom_counter', text))
  .concat(
    ['name=h;buckets=', 'name=h;buckets=2:1', 'name=h;buckets=1:1', 'name=h;buckets=x'].map(text =>
      param('prom_histogram', text),
    ),
    ['name=h;buckets=1:', 'name=h;buckets=:1', 'name=h;buckets=1:2;buckets=3'].map(text =>
      param('prom_histogram', text),
    ),
    param('prom_counter', 'name=c') + param('prom_counter', 'name=c'),
    param('prom_counter', 'name=c') + param('prom_gauge', 'name=c'),
    param('prom_gauge', 'label=x'),
    param('xhttp_prom_timeout', -1),
    param('xhttp_prom_buf_size', -1),
    param('xhttp_prom_timeout', 0),
  )

const MODULES = 'kex sl pv xlog textops counters jsonrpcs xhttp xhttp_prom'.split(' ')

/** Paths that are asked whether they are the one of the metrics. */
export const PATHS = [
  '/metrics/',
  '/metrics?',
  '/metrics?x=1',
  '/metrics/x',
  '/METRICS',
  '/metricsx',
  '/x/metrics',
  '/',
  'metrics',
]

export const configOf = (port: number, { params, steps }: Group): string => `#!KAMAILIO
debug=-1
children=1
tcp_children=1
tcp_accept_no_cl=yes
auto_aliases=no
listen=tcp:127.0.0.1:${port}
${MODULES.map(name => `loadmodule "${name}.so"\n`).join('')}
modparam("jsonrpcs", "transport", 1)
modparam("counters", "script_counter", "a-b")
modparam("counters", "script_counter", "c")
${params}
request_route { exit; }
event_route[xhttp:request] {
  if ($hu == "/metrics") { prom_dispatch(); exit; }
  if ($hu =~ "^/T[0-9]") {
    $var(n) = $(hu{s.substr,1,0});
    route($var(n));
  } else {
    prom_check_uri();
    $var(a) = $rc;
  }
  xhttp_reply("200", "OK", "text/plain", "$var(a)");
}
${steps.map((text, i) => `route[T${i}] { ${text} }`).join('\n')}
`
