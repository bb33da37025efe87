import { createHash } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { answerChallenge, parseChallenge } from '../../../../server/sip/digest.ts'

const LOGIN = { user: 'Mufasa', password: 'Circle of Life', isHa1: false }
const CNONCE = 'f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ'
// RFC 7616 section 3.9.1
const CHALLENGE =
  'Digest realm="http-auth@example.org", qop="auth, auth-int", ' +
  'nonce="7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v", ' +
  'opaque="FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS", algorithm='

const answer = (body: string, login = LOGIN, content = ''): string =>
  answerChallenge(parseChallenge(body)!, login, 'GET', '/dir/index.html', content, CNONCE)

describe('the examples of RFC 7616', () => {
  test.for([
    ['MD5', '8ca523f5e9506fed4657c9700eebdbec'],
    ['SHA-256', '753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1'],
  ] as const)('%s', ([algorithm, response]) => {
    const said = answer(CHALLENGE + algorithm)
    expect(said).toContain(`response="${response}"`)
    expect(said).toContain(`algorithm=${algorithm}`)
    expect(said).toContain('opaque="FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS"')
    expect(said).toContain(`qop=auth, nc=00000001, cnonce="${CNONCE}"`)
  })

  test('with the hash in place of the password', () => {
    const password = createHash('md5')
      .update('Mufasa:http-auth@example.org:Circle of Life')
      .digest('hex')
    const login = { user: 'Mufasa', password, isHa1: true }
    expect(answer(`${CHALLENGE}MD5`, login)).toBe(answer(`${CHALLENGE}MD5`))
  })
})

test('auth-int covers the body', () => {
  const challenge = 'Digest realm="r", nonce="n", qop="auth-int"'
  expect(answer(challenge, LOGIN, 'one')).not.toBe(answer(challenge, LOGIN, 'two'))
  expect(answer(challenge)).toContain('qop=auth-int')
})

describe('a challenge', () => {
  test.for([
    'Basic realm="r"',
    'Digest realm="r"',
    'Digest nonce="n"',
    'Digest realm="r", nonce="n", algorithm=MD5-sess',
    'Digest realm="r", nonce="n", algorithm=toString',
    'Digest',
    '',
  ])('%s cannot be answered', body => expect(parseChallenge(body)).toBeNull())

  test('is read with odd blanks, quotes and letters', () => {
    const body = ' dIGEST REALM = "a, b=c" ,nonce="n\\"m",qop=AUTH , stale=TRUE, algorithm="md5"'
    expect(parseChallenge(body)).toEqual({
      realm: 'a, b=c',
      nonce: 'n\\"m',
      opaque: null,
      qop: 'auth',
      stale: true,
      algorithm: 'md5',
    })
  })

  test.for(['Digest realm="r", nonce="n', 'Digest realm="r", nonce=n, qop="', 'Digest ,,,=,="'])(
    'that ends early is no harm: %s',
    body => expect(() => parseChallenge(body)).not.toThrow(),
  )

  test('with an unknown quality of protection is answered without one', () => {
    expect(answer('Digest realm="r", nonce="n", qop="other"')).not.toContain('qop')
  })
})
