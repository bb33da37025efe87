/**
 * Configs of the routing language at random, each part of the grammar among them: what stands
 * outside of the routes, statements, expressions. They parse; whether they mean anything is not
 * asked.
 */
import fc from 'fast-check'

const one = (...texts: string[]): fc.Arbitrary<string> => fc.constantFrom(...texts)
const joined = (part: fc.Arbitrary<string>, min: number, max: number, glue: string) =>
  fc.array(part, { minLength: min, maxLength: max }).map(parts => parts.join(glue))
/** The texts one after the other, with what is at random between them. */
const text = (strings: TemplateStringsArray, ...parts: fc.Arbitrary<string>[]) =>
  fc.tuple(...parts).map(values => String.raw({ raw: strings }, ...values))

const NUMBERS = ['0', '1', '-2', '7', '0x1F', '017', '101b', '4294967295']
const STRINGS = ['""', '"text"', "'raw $x'", '"a\\"b\\n"', '"one" "two"', '"$ru {x}"']
const WORDS = one('a', 'flag', 'NODE', 'x1')
const HOSTS = one('127.0.0.1', '[::1]', 'sip.example.org', '"b.example.org"', 'eth0')

const VARIABLES = [
  ...['$rU', '$var(x)', '$avp(s:a)', '$(avp(x)[0])', '$(avp(x)[*])', '$(avp(x)[$var(i)])'],
  ...['$(ru{uri.user})', '$(var(x){s.substr,1,$var(i)}{s.len})', '$hdr(X-A)', '$avp($var(n))'],
]

const OPERATORS = [
  ...['||', '&&', 'or', 'and', '|', '&', '^', '<<', '>>', '==', '!=', '=~', 'eq', 'ne', 'ieq'],
  ...['ine', '<', '>', '<=', '>=', '+', '-', '*', '/', 'mod'],
]
const CONDITIONS = [
  ...['method == INVITE', 'method =~ "I.*"', 'uri == myself', 'myself != from_uri', 'proto == TLS'],
  ...['uri =~ "^sip:"', 'status == 200', 'src_ip == 10.0.0.0/8', 'dst_ip == [::1]', 'af == INET6'],
  ...['src_ip == myself', 'msg:len > 100', 'msg:len >= max_len', 'src_port < 1024'],
  ...['snd_proto == udp', 'to_port != 5060', 'src_ip == host.example.org'],
]
const CALLS = [
  ...['f()', 'f(1)', 'f("a", $rU)', 'route(A)', 'route($var(x) + "b")', 'forward(uri:host)'],
  ...['forward(10.0.0.1, 5060)', 'force_send_socket(udp:10.0.0.1:5060)', 'setflag(flag)'],
  ...['isflagset(3)', 'xlog("L_INFO", "$ru\\n")', 'strip(1)', 'f(1 + 2, (3))', 'log(1, "a")'],
]

type Parts = Record<'leaf' | 'expression' | 'statement' | 'body', string>

/** What stands in routes: calls, variables that are assigned to, what expressions are made of. */
export interface Words {
  readonly calls: readonly string[]
  readonly variables: readonly string[]
  readonly operands: readonly string[]
  readonly prefixes: readonly string[]
  readonly operators: readonly string[]
  /** `{ ... }` among statements, which Kamailio refuses. */
  readonly blocks: boolean
}

const WORDS_OF_ALL: Words = {
  calls: CALLS,
  variables: VARIABLES,
  operands: [
    ...VARIABLES,
    ...CALLS,
    ...CONDITIONS,
    ...NUMBERS,
    ...STRINGS,
    ...['@ruri.user', '@msg.header["X"]'],
  ],
  prefixes: ['!', 'not ', '-', '~', 'defined ', '(int)', '(str)', 'strlen', 'strempty'],
  operators: OPERATORS,
  blocks: true,
}

/** The statements of a route. */
export function arbitraryBody(words: Words): fc.Arbitrary<string> {
  const { calls, variables, operands, prefixes, operators, blocks } = words
  return fc.letrec<Parts>(tie => ({
    leaf: one(...operands),
    expression: fc.oneof(
      { depthSize: 'small' },
      tie('leaf'),
      text`${one(...prefixes)}(${tie('expression')})`,
      text`${tie('expression')} ${one(...operators)} ${tie('expression')}`,
      text`(${tie('expression')})`,
      text`selval(${tie('expression')}, ${tie('expression')}, ${tie('expression')})`,
      text`($var(x) = ${tie('expression')})`,
      text`{ ${tie('body')} }`,
    ),
    statement: fc.oneof(
      { depthSize: 'small' },
      one(...calls).map(call => `${call};`),
      one(';', 'break;', 'force_rport;', 'return;', 'exit;', 'drop();'),
      text`${one('return', 'exit', 'drop')} ${tie('expression')};`,
      text`${one(...variables)} = ${tie('expression')};`,
      text`if (${tie('expression')}) ${tie('statement')}`,
      text`if ${tie('expression')} { ${tie('body')} } else { ${tie('body')} }`,
      text`if (${tie('expression')}) { ${tie('body')} } else if (1) ${tie('statement')} else ;`,
      text`while (${tie('expression')}) { ${tie('body')} }`,
      text`switch (${tie('expression')}) { case ${one('1', '"a"')}: ${tie('body')} default: ; }`,
      text`switch ($rU) { case "a": case /"^b": ${tie('body')} }`,
      ...(blocks ? [text`{ ${tie('body')} }`] : []),
    ),
    body: joined(tie('statement'), 1, 3, ' '),
  })).body
}

const body = arbitraryBody(WORDS_OF_ALL)
const endpoint = text`${one('', 'udp:', 'tcp:', 'sctp:')}${HOSTS}${one('', ':5060')}`
const value = one(...NUMBERS, ...STRINGS)

const advertised = one('', ' advertise 192.0.2.1:5070')
const blockHead = one(
  ...['request_route', 'route', 'route[A]', 'route["b c"]', 'route[5]', 'failure_route[F]'],
  ...['branch_route[B]', 'onreply_route[R]', 'reply_route', 'onsend_route'],
  'event_route[tm:local-request]',
)

const item = fc.oneof(
  text`${one('debug', 'children', 'unknown')}=${fc.oneof(value, one('yes', 'no', 'L_ERR', 'a'))}`,
  text`${WORDS}.${WORDS} = ${one('0', '5', ...STRINGS)}${one('', ' desc "what it is"')}`,
  text`${WORDS}[${one('0', '3')}].${WORDS} = ${one(...STRINGS)}`,
  text`${one('flags', 'avpflags')} ${one('A', 'A:3', 'A:1, B', '"C"')}`,
  text`loadmodule ${one('"tm.so"', '"/usr/lib/kamailio/modules/pv.so"', '"acc"')}`,
  text`${one('loadpath', 'mpath')} ${one('"/a:/b"', '= "/c"')}`,
  one('kemi.onsend_route_callback = "f"', 'cfgengine "native"', 'coreparam[iuid] = 3'),
  text`modparam(${one('"tm"', '"tm|sl"')}, "name", ${value})`,
  text`modparamx("pv", "name", ${one('$def(A)', ...STRINGS)})`,
  text`listen=${endpoint}${advertised}${one('', ' name "s"')}${one('', ' virtual')}`,
  text`listen=sctp:(127.0.0.1, 127.0.0.2):5060`,
  text`socket = { bind = ${endpoint}; name = "s"; virtual = yes; }`,
  text`alias=${one('example.org', 'udp:example.org:5070', '"tcp:c.example.org:5080"', 'a b')}`,
  text`${blockHead} { ${body} }`,
)

/** A whole config. */
export const arbitraryConfig = joined(item, 1, 6, '\n').map(items => `#!KAMAILIO\n${items}\n`)
