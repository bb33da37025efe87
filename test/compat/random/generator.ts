/**
 * Random expressions over everything that an expression can be made of: integers, texts, variables
 * of every kind, nothing, calls, routes, all operators. The seed is fixed; what record.ts asked
 * about is written down all the same.
 */
import fc from 'fast-check'

/** What the variables in them are, as statements. */
export const SETUP = [
  '$var(i) = 5; $var(z) = 0; $var(n) = -3; $var(m) = 2147483647; $var(u) = $null;',
  '$var(s) = "abc"; $var(d) = "12"; $var(e) = ""; $var(x) = "0x1f"; $var(p) = "^a";',
  '$avp(i) = 7; $avp(s) = "xy"; $avp(d) = "5";',
].join(' ')

/** The routes that are called in them. */
export const ROUTES = 'route[R5] { return 5; }\nroute[RM5] { return -5; }\nroute[RP] { return; }\n'

const integers = ['0', '1', '2', '5', '7', '-3', '255', '2147483647', '0x1F', '017', '101b', 'yes']
const texts = ['""', '"a"', '"abc"', '"5"', '"12"', '"0x1f"', '"-4"', '"B"', "'b'", '"1" "2"']
const variables = [
  ...['$var(i)', '$var(z)', '$var(n)', '$var(m)', '$var(u)', '$var(s)', '$var(d)', '$var(e)'],
  ...['$var(x)', '$avp(i)', '$avp(s)', '$avp(d)', '$avp(none)', '$rU', '$rd', '$null', '$rp'],
  ...['$(ru{s.len})', '$(rU{s.substr,1,1})', '$hdr(X-A)', '$(hdr(X-A)[1])', '@ruri.user'],
]
const calls = [
  'is_method("OPTIONS")',
  'is_method("INVITE")',
  'route(R5)',
  'route(RM5)',
  'route(RP)',
]
const conditions = [
  '(method == OPTIONS)',
  '(src_ip == myself)',
  '(src_ip == 127.0.0.1)',
  '(af == INET)',
]
const patterns = ['"^a"', '"B"', '"[0-9]+"', '"^$"', '"."', '$var(p)', '$rU', '"a|1"']

const ARITHMETIC = ['+', '-', '*', '/', 'mod', '|', '&', '^', '<<', '>>']
const RELATIONS = ['<', '>', '<=', '>=']
const EQUALITIES = ['==', '!=', 'eq', 'ne', 'ieq', 'ine']

type Trees = Record<'any' | 'number' | 'text' | 'leaf', string>

/** `number` is what an operator of integers takes without complaint. */
export const expression: fc.Arbitrary<string> = fc.letrec<Trees>(tie => {
  const pick = (...words: string[]): fc.Arbitrary<string> => fc.constantFrom(...words)
  const infix = (
    a: fc.Arbitrary<string>,
    operators: string[],
    b: fc.Arbitrary<string>,
  ): fc.Arbitrary<string> => fc.tuple(a, pick(...operators), b).map(parts => parts.join(' '))
  const shift = infix(tie('number'), ['<<', '>>'], fc.integer({ min: 0, max: 31 }).map(String))
  const wrapped = (text: fc.Arbitrary<string>): fc.Arbitrary<string> => text.map(t => `(${t})`)
  return {
    leaf: pick(...integers, ...texts, ...variables, ...variables, ...calls, ...conditions),
    number: fc.oneof(
      { depthSize: 'small', withCrossShrink: true },
      pick(...integers, ...variables, ...calls, ...conditions),
      infix(tie('number'), ARITHMETIC.slice(0, 8), tie('number')),
      shift,
      infix(tie('number'), RELATIONS, tie('number')),
      infix(tie('number'), ['&&', '||', 'and', 'or'], tie('number')),
      wrapped(tie('number')),
      fc.tuple(pick('!', '-', '~', 'not ', '(int)'), tie('number')).map(([o, a]) => o + a),
      pick(...texts).map(text => `(int)${text}`),
      wrapped(tie('any')).map(inner => `strlen("" + ${inner})`),
    ),
    text: fc.oneof(
      { depthSize: 'small', withCrossShrink: true },
      pick(...texts, ...variables),
      wrapped(infix(tie('text'), ['+'], tie('any'))),
      wrapped(tie('number')).map(inner => `(str)${inner}`),
    ),
    any: fc.oneof(
      { depthSize: 'small', withCrossShrink: true },
      tie('leaf'),
      tie('number'),
      infix(tie('any'), ['+'], tie('any')),
      infix(tie('text'), ['+', '+', '==', '!=', 'eq', 'ne'], tie('any')),
      infix(tie('number'), ['==', '!=', 'ieq', 'ine'], tie('number')),
      infix(tie('text'), ['=~'], pick(...patterns)),
      infix(pick(...variables), EQUALITIES, pick(...texts, ...variables, ...integers)),
      wrapped(tie('any')),
      wrapped(tie('any')).map(inner => `(str)${inner}`),
      fc.tuple(pick('strempty', 'strlen'), pick(...variables)).map(([f, a]) => `${f}(${a})`),
      pick(...variables).map(variable => `defined ${variable}`),
    ),
  }
}).any

/** The expressions of a seed, without those that are there twice or take more than a line. */
export const expressions = (count: number, seed: number): string[] =>
  [...new Set(fc.sample(expression, { numRuns: count * 2, seed }))]
    .filter(text => text.length > 3 && text.length < 90)
    .slice(0, count)
