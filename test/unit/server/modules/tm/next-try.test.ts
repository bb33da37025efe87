// What makes a request a new destination in a failure route, as the real Kamailio 5.6.3 answered.
import { afterAll, beforeAll, expect, test } from 'vitest'
import { PEER_PORT } from '../../../../kit/bench-ports.ts'
import { Bench } from '../../../../kit/bench.ts'

const FIRST = 'sip:127.0.0.1:5091'
const OTHER = 'sip:127.0.0.1:5092'

/** What the failure route does before its t_relay(), and to which port which URI leaves then. */
const CASES: readonly (readonly [string, ...string[]])[] = [
  [''],
  [`$du = "${FIRST}";`, '5091 sip:bob@127.0.0.1:5099'],
  [`$du = "${OTHER}";`, '5092 sip:bob@127.0.0.1:5099'],
  ['$du = "";', '5099 sip:bob@127.0.0.1:5099'],
  ['$du = $null;'],
  ['resetdsturi();'],
  [`setdsturi("${FIRST}");`, '5091 sip:bob@127.0.0.1:5099'],
  ['$ru = $ru;', '5091 sip:bob@127.0.0.1:5099'],
  ['$rU = "zed";', '5091 sip:zed@127.0.0.1:5099'],
  ['append_branch();', '5091 sip:bob@127.0.0.1:5099'],
  [`append_branch("${OTHER}");`, `5091 ${OTHER}`],
  [
    `$du = "${OTHER}"; append_branch();`,
    '5099 sip:bob@127.0.0.1:5099',
    '5092 sip:bob@127.0.0.1:5099',
  ],
  [`append_branch(); $ru = "${OTHER}";`, `5092 ${OTHER}`, '5091 sip:bob@127.0.0.1:5099'],
]

const routes = CASES.map(
  ([script], i) =>
    `if ($hdr(X-Case) == "${i}") { ${script} t_relay(); xlog("L_ALERT", "MARK $rc\\n"); }`,
)

let bench: Bench

const LOADS = ['tm', 'tmx', 'sl', 'kex', 'corex', 'pv', 'xlog', 'textops'].map(
  name => `loadmodule "${name}.so"\n`,
)

beforeAll(async () => {
  bench = await Bench.start(`debug=2
${LOADS.join('')}
request_route { $du = "${FIRST}"; t_on_failure("F"); t_relay(); }
failure_route[F] {
${routes.join('\n')}
}
`)
})

afterAll(() => bench.host.stop())

const HEAD = 'From: <sip:a@b>;tag=1\r\nTo: <sip:bob@b>\r\nCSeq: 1 OPTIONS\r\n'

test.each(CASES.map(([script, ...leaves], i) => ({ script, leaves, i })))(
  'behind "$script"',
  ({ leaves, i }) => {
    bench.sent.length = 0
    bench.lines.length = 0
    bench.receive(
      `OPTIONS sip:bob@127.0.0.1:5099 SIP/2.0\r\n` +
        `Via: SIP/2.0/UDP 127.0.0.1:${PEER_PORT};branch=z9hG4bK-${i}\r\n` +
        `${HEAD}Call-ID: next-${i}\r\nX-Case: ${i}\r\nContent-Length: 0\r\n\r\n`,
    )
    const via = /^(?:Via: .*\r\n)+/m.exec(bench.sent[0]!.text)![0]
    bench.sent.length = 0
    bench.receive(`SIP/2.0 404 No\r\n${via}${HEAD}Call-ID: next-${i}\r\nContent-Length: 0\r\n\r\n`)
    const requests = bench.sent.filter(({ text }) => text.startsWith('OPTIONS '))
    expect(requests.map(({ text, to }) => `${to.port} ${text.split(' ')[1]}`)).toEqual(leaves)
    const said = bench.lines.flatMap(({ text }) => /MARK -?1/.exec(text) ?? [])
    expect(said).toEqual([leaves.length > 0 ? 'MARK 1' : 'MARK -1'])
  },
)
