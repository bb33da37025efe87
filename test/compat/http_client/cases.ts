/** What http_client does, asked of the real Kamailio: each case is a route of its own. */
import { MODULES } from '../script/cases.ts'
import { CLOSED_PORT, SECURE_PORT, WEB_PORT } from './web-server.ts'

/** Cases of one config. Where they write FOLDER the certificates and files are. */
export interface Group {
  readonly name: string
  readonly params: string
  readonly routes: readonly string[]
}

export const web = `http://127.0.0.1:${WEB_PORT}`
const secure = `https://127.0.0.1:${SECURE_PORT}`
const closed = `http://127.0.0.1:${CLOSED_PORT}`

const show = (text: string): string => `xlog("L_ERR", "@@$hdr(X-Test) ${text}\\n");`
/** A line of the log shows the first line of a result, and how long it is. */
const shown = show('$rc $(var(r){s.len}) <$var(r)>')
/** The result is what it was where the function leaves it alone. */
const start = '$var(r) = "before";'

const query = (url: string, ...more: string[]): string => {
  const args = [url, ...more].map(text => `"${text}", `).join('')
  return `${start} http_client_query(${args}"$var(r)"); ${shown}`
}
const get = (url: string, body = '', headers = ''): string =>
  `${start} http_client_get("${url}", "${body}", "${headers}", "$var(r)"); ${shown}`
const connect = (name: string, url: string, ...more: string[]): string => {
  const args = [name, url, ...more].map(text => `"${text}", `).join('')
  return `${start} http_connect(${args}"$var(r)"); ${shown}`
}
const raw = (name: string, url: string, type: string, data: string): string =>
  `${start} http_connect_raw("${name}", "${url}", "${type}", "${data}", "$var(r)"); ${shown}`
const redirected = (name: string): string =>
  `$var(u) = "none"; http_get_redirect("${name}", "$var(u)"); ${show('$rc <$var(u)>')}`
/** Too long to be shown. */
const long = (call: string): string => `${call} ${show('$rc $(var(r){s.len})')}`
const rpc = (method: string): string => {
  const command = `{"jsonrpc": "2.0", "method": "${method}", "id": 1}`
  return `jsonrpc_exec('${command}'); ${show('$(jsonrpl(body){s.encode.hexa})')}`
}
const set = (name: string, value: string | number): string =>
  `modparam("http_client", "${name}", ${typeof value === 'number' ? value : `"${value}"`})\n`
const SHORT = set('connection_timeout', 1)

const counts = show('$stat(connok) $stat(connfail) $stat(connections)')

const ANSWERS = 'lines line crlf blank empty created nothing missing broken busy big'.split(' ')
const REDIRECTS = ['redirect301', 'redirect302', 'redirect303', 'redirect307', 'redirect308']
const FAILURES = [
  ...['silent', 'drop', 'half', 'garbage', 'loop', 'away'].map(path => `${web}/${path}`),
  ...[`${closed}/`, 'http://nosuch.invalid/', 'ftp://127.0.0.1:1/', 'nosuch://127.0.0.1/'],
  ...['http://', 'http://127.0.0.1:x/', '127.0.0.1', 'a b', `http://127.0.0.1:${WEB_PORT}`],
  `127.0.0.1:${WEB_PORT}/lines`,
]

const plain: Group = {
  name: 'with the defaults',
  params: SHORT,
  routes: [
    ...ANSWERS.map(path => query(`${web}/${path}`)),
    ...FAILURES.map(url => query(url)),
    query(`${web}/echo?a=$rU&b=1`),
    query(`${web}/echo`, 'x=1&y=$rU'),
    query(`${web}/echo`, ''),
    query(`${web}/echo`, 'x=1', 'X-One: 1'),
    query(`${web}/echo`, '', 'X-One: 1\\r\\nX-Two: 2'),
    query(`${web}/echo`, 'x=1', 'Content-Type: text/plain'),
    query(`${web}/echo`, 'x=1', 'Content-Type: text/plain\\r\\nX-Two: 2'),
    query(`${web}/echo`, '', 'Accept: text/*'),
    query(`${web}/echo`, '', 'nonsense'),
    ...REDIRECTS.map(path => query(`${web}/${path}`)),
    ...REDIRECTS.map(path => query(`${web}/${path}`, 'x=1')),
    query(`${web}/redirect`),
    long(`http_client_query("${web}/huge", "$var(r)");`),
    query(`${secure}/lines`),
    query(`http://ann:secret@127.0.0.1:${WEB_PORT}/basic`),
    query(`http://ann:secret@127.0.0.1:${WEB_PORT}/digest`),
    query(`${web}/basic`),
    get(`${web}/lines`),
    get(`${web}/echo`, 'a body'),
    get(`${web}/echo`, '', 'X-One: 1'),
    get(`${web}/echo`, 'a body', 'Content-Type: text/plain'),
    get(`${web}/missing`),
    get(`${web}/broken`),
    get(`${closed}/`),
    get(''),
    query(''),
    query(`${web}/count`) + query(`${web}/count`),
    connect('nosuch', '/lines'),
    redirected('nosuch'),
    rpc('httpclient.listcon'),
    ...Array.from({ length: 101 }, (_, code) => show(`<$curlerror(${code})>`)),
    ...['x', '200', '404', '-1', '7x'].map(code => show(`<$curlerror(${code})>`)),
  ],
}

const CONNECTIONS = [
  ['one', `${web}`],
  ['two', `${web}/api`],
  ['three', `http://ann:secret@127.0.0.1:${WEB_PORT}/basic`],
  ['four', `${closed}/;timeout=1;failover=one`],
  ['five', `${web}/broken;failover=one`],
  ['six', `${web};maxdatasize=5;useragent=six`],
  ['seven', `${web};httpredirect=0`],
  ['eight', `${secure};verify_peer=0;verify_host=0`],
  ['nine', `${closed}/;failover=nosuch`],
  ['ten', `http://ann:secret@127.0.0.1:${WEB_PORT}/digest`],
  ['eleven', `${secure}`],
  ['twelve', `${secure};verify_peer=0`],
  ['thirteen', `${web}/api/`],
].map(([name, url]) => set('httpcon', `${name}=>${url}`))

const connections: Group = {
  name: 'connections',
  params: SHORT + CONNECTIONS.join(''),
  routes: [
    ...ANSWERS.map(path => connect('one', path)),
    connect('one', '/lines'),
    connect('one', ''),
    connect('two', 'x'),
    connect('two', '/x/y?z=1'),
    connect('thirteen', 'x'),
    connect('thirteen', '/x'),
    connect('one', 'echo', 'text/plain', 'a $rU b'),
    connect('one', 'echo', '', 'data'),
    connect('one', 'echo', 'text/plain', ''),
    connect('one', 'echo', '', ''),
    raw('one', 'echo', 'text/plain', 'a $rU b'),
    raw('one', 'echo', 'application/json', '{ok}'),
    connect('three', ''),
    connect('ten', ''),
    connect('four', 'lines'),
    connect('five', 'lines'),
    connect('five', ''),
    connect('six', 'lines'),
    connect('six', 'echo'),
    connect('seven', 'redirect') + redirected('seven'),
    connect('one', 'redirect') + redirected('one'),
    connect('one', 'lines') + redirected('one'),
    connect('one', 'redirect302', 'text/plain', 'data'),
    connect('one', 'loop'),
    connect('one', 'silent'),
    connect('one', 'half'),
    connect('eight', 'lines'),
    connect('nine', 'lines'),
    connect('eleven', 'lines'),
    connect('twelve', 'lines'),
    connect('one', 'count') + connect('one', 'count'),
    connect('One', 'lines'),
    redirected('two'),
    redirected('eight'),
    redirected('nine'),
    show('$stat(connections)'),
  ],
}

const of = (name: string, params: string, ...routes: string[]): Group => ({
  name,
  params: SHORT + params,
  routes,
})
const some = ['lines', 'line', 'big', 'empty', 'missing', 'broken'].map(path =>
  query(`${web}/${path}`),
)

export const GROUPS: readonly Group[] = [
  plain,
  connections,
  of('the whole body', set('query_result', 0), ...some, get(`${web}/lines`), query(`${web}/blank`)),
  of('a bounded result', set('query_maxdatasize', 6), ...some, get(`${web}/lines`)),
  of(
    'a bounded whole body',
    set('query_result', 0) + set('query_maxdatasize', 6),
    ...some,
    get(`${web}/lines`),
  ),
  of(
    'a bounded download',
    set('maxdatasize', 10) + CONNECTIONS[0],
    ...some,
    get(`${web}/big`),
    long(`http_client_query("${web}/huge", "$var(r)");`),
    connect('one', 'big'),
    long(`http_connect("one", "huge", "$var(r)");`),
  ),
  of(
    'redirects',
    set('httpredirect', 1) + CONNECTIONS.slice(0, 2).join(''),
    ...['redirect', 'away', ...REDIRECTS].flatMap(path => [
      query(`${web}/${path}`),
      connect('one', path) + redirected('one'),
    ]),
    ...REDIRECTS.flatMap(path => [
      query(`${web}/${path}`, 'x=1'),
      connect('one', path, 'text/plain', 'x=1') + redirected('one'),
    ]),
  ),
  of(
    'listed',
    set('httpcon', `one=>${web}/api`) +
      set('httpcon', 'two=>https://127.0.0.1/;failover=one;timeout=7'),
    rpc('httpclient.listcon'),
  ),
  of(
    'counted',
    CONNECTIONS[0] + CONNECTIONS[3]!,
    ...ANSWERS.map(path => query(`${web}/${path}`) + counts),
    ...['lines', 'missing', 'broken'].map(path => connect('one', path) + counts),
    connect('four', 'lines') + counts,
    query(`${closed}/`) + counts,
  ),
  of(
    'no redirects',
    set('httpredirect', 0) + CONNECTIONS[0],
    query(`${web}/redirect`),
    connect('one', 'redirect') + redirected('one'),
  ),
  of('a name of its own', set('useragent', 'Own 1'), query(`${web}/echo`)),
  of('basic alone', set('authmethod', 1), query(`http://ann:secret@127.0.0.1:${WEB_PORT}/echo`)),
  of('digest alone', set('authmethod', 2), query(`http://ann:secret@127.0.0.1:${WEB_PORT}/digest`)),
  of(
    'kept connections',
    set('keep_connections', 1) + CONNECTIONS[0],
    connect('one', 'count') + connect('one', 'count'),
    query(`${web}/count`) + query(`${web}/count`),
  ),
  of('no verification', set('verify_peer', 0) + set('verify_host', 0), query(`${secure}/lines`)),
  of('no verification of the peer', set('verify_peer', 0), query(`${secure}/lines`)),
  of('an authority', set('cacert', 'FOLDER/ca.pem'), query(`${secure}/lines`)),
  of(
    'an authority and another name',
    set('cacert', 'FOLDER/ca.pem'),
    query(`https://localhost:${SECURE_PORT}/lines`),
  ),
  of('an authority that is not there', set('cacert', 'FOLDER/no.pem'), query(`${secure}/lines`)),
  of(
    'an authority, and any name',
    set('cacert', 'FOLDER/ca.pem') + set('verify_host', 0),
    query(`https://localhost:${SECURE_PORT}/lines`),
  ),
  of(
    'a proxy',
    set('httpproxy', '127.0.0.1') + set('httpproxyport', WEB_PORT),
    query('http://nosuch.invalid/echo'),
    query(`${secure}/lines`),
  ),
  of(
    'a file',
    set('config_file', 'FOLDER/connections.cfg'),
    ...['a', 'b', 'c', 'd'].flatMap(name => [connect(name, 'echo'), connect(name, 'redirect')]),
    connect('c', 'lines'),
    connect('d', 'lines'),
  ),
]

export const CONNECTIONS_FILE = `# Connections of the cases.
[a]
url = ${web}
timeout = 1
useragent = "File A"
[b]
url = "${web}/"
maxdatasize = 4
username = ann
password = secret
authmethod = 1
[c]
url = ${secure}
verify_peer = no
verify_host = 0
tlsversion = TLSv1.2
[d]
url = ${closed}
failover = a
httpproxy = ""
httpproxyport = 0
`

export const configOf = (port: number, group: Group): string => `#!KAMAILIO
debug=0
children=1
disable_tcp=yes
auto_aliases=no
listen=udp:127.0.0.1:${port}
${[...MODULES, 'jsonrpcs', 'http_client'].map(name => `loadmodule "${name}.so"\n`).join('')}
modparam("jsonrpcs", "transport", 0)
${group.params}
request_route {
  $var(n) = "T" + $hdr(X-Test);
  route($var(n));
}
${group.routes.map((text, i) => `route[T${i}] { ${text} }`).join('\n')}
`
