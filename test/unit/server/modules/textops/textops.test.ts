// textops beyond what test/compat/textops says of it.
import { describe, expect, test } from 'vitest'
import { BadValue } from '../../../../../server/core/module/index.ts'
import { printRequest } from '../../../../../server/sip/print.ts'
import { messageText } from '../../../../compat/textops/facts.ts'
import { Stage } from './text-stage.ts'

const REQUEST = messageText({ name: '', steps: [] })
const sent = (msg: ReturnType<Stage['message']>): string => printRequest(msg, msg.uri, '', '')

describe('what is refused when a config is loaded', () => {
  test.for([
    ['search', '('],
    ['subst', '/a/b'],
    ['subst_hf', 'From', '/a/b/', 'x'],
    ['replace_str', 'a', 'b', 'x'],
    ['is_method', 'INVITE||BYE'],
    ['is_privacy', 'everything'],
    ['has_body', 'sdp'],
    ['in_list', 'a', 'a,b', ', '],
  ] as const)('%s(%s)', ([name, ...args]) => {
    const stage = new Stage()
    expect(() => stage.call(stage.message(REQUEST), name, ...args)).toThrow(BadValue)
  })
})

describe('is_method', () => {
  test('knows methods without a number by their name', () => {
    const stage = new Stage()
    const raw = messageText({
      name: '',
      replace: [
        ['INVITE sip', 'FOO sip'],
        ['1 INVITE', '1 FOO'],
      ],
      steps: [],
    })
    const msg = stage.message(raw)
    const answers = ['FOO', 'foo|INVITE', 'BAR', 'INVITE|BAR'].map(name =>
      stage.call(msg, 'is_method', name),
    )
    expect(answers).toEqual([1, 1, -1, -1])
  })
})

describe('set_body_multipart', () => {
  test('closes the body that it makes', () => {
    const stage = new Stage()
    const msg = stage.message(REQUEST)
    expect(stage.call(msg, 'set_body_multipart', 'test', 'text/plain', 'delim')).toBe(1)
    const [head, body] = [sent(msg).split('\r\n\r\n')[0]!, sent(msg).split(/\r\n\r\n(.*)/s)[1]]
    expect(body).toBe('--delim\r\nContent-Type: text/plain\r\n\r\ntest\r\n--delim--\r\n')
    expect(head).toContain(`Content-Length: ${body!.length}\r\n`)
    expect(head).toContain('Content-Type: multipart/mixed;boundary="delim"\r\nMime-Version: 1.0')
  })

  test('takes the body that is there', () => {
    const stage = new Stage()
    const msg = stage.message(REQUEST)
    stage.call(msg, 'set_body_multipart')
    stage.call(msg, 'msg_apply_changes')
    stage.call(msg, 'append_body_part_hex', '6b 61 6d', 'application/x', 'render')
    stage.call(msg, 'msg_apply_changes')
    expect(stage.call(msg, 'get_body_part', 'application/sdp', '$var(sdp)')).toBe(1)
    expect(stage.read(msg, '$var(sdp)')).toContain('m=audio 4000')
    expect(stage.call(msg, 'get_body_part', 'application/x', '$var(x)')).toBe(1)
    expect(stage.read(msg, '$var(x)')).toBe('kam\r\n')
    expect(stage.call(msg, 'filter_body', 'application/x')).toBe(1)
    expect(sent(msg)).toMatch(/\r\n\r\nkam$/)
  })

  test('refuses a message without a body', () => {
    const stage = new Stage()
    const msg = stage.message(messageText({ name: '', body: '', steps: [] }))
    expect(stage.call(msg, 'set_body_multipart')).toBe(-1)
    expect(stage.call(msg, 'set_body_multipart', 'x', 'text/plain')).toBe(1)
  })
})

describe('bytes behind the body', () => {
  const raw = messageText({ name: '', behind: 'INVITE again', steps: [] })

  test('are not searched and do not leave', () => {
    const stage = new Stage()
    const msg = stage.message(raw)
    expect(stage.call(msg, 'search_body', 'again')).toBe(-1)
    expect(stage.call(msg, 'set_body', 'new', 'text/plain')).toBe(1)
    expect(sent(msg)).toMatch(/Content-Length: 3\r\n(.*\r\n)*\r\nnew$/)
  })
})

test('a header is removed once, however often it is asked for', () => {
  const stage = new Stage()
  const msg = stage.message(REQUEST)
  for (let i = 0; i < 3; i++) stage.call(msg, 'remove_hf', 'User-Agent')
  expect(sent(msg)).toBe(REQUEST.replace('User-Agent: Phone 1.0\r\n', ''))
})

test('overlapping changes of the body leave a right Content-Length', () => {
  const stage = new Stage()
  const msg = stage.message(REQUEST)
  stage.call(msg, 'replace_body', 'o=alice 1 1', 'o=a')
  stage.call(msg, 'replace_body', 'alice 1', 'bob')
  const [head = '', body = ''] = sent(msg).split('\r\n\r\n')
  expect(head).toContain(`Content-Length: ${body.length}`)
})

test('{re.subst} keeps a value that it cannot change', () => {
  const stage = new Stage()
  const msg = stage.message(REQUEST)
  expect(stage.read(msg, '$(ru{re.subst,/bob/alice/})')).toBe('sip:alice@example.org')
  expect(stage.read(msg, '$(ru{re.subst,/nobody/alice/})')).toBe('sip:bob@example.org')
  expect(stage.read(msg, '$(ru{re.subst,/^sip:(.*)$/\\1,$rU/})')).toBe('bob@example.org,bob')
  expect(() => stage.read(msg, '$(ru{re.subst,/(/x/})')).toThrow(BadValue)
})
