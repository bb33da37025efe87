// textopsx beyond what test/compat/textops says of it.
import { describe, expect, test } from 'vitest'
import { BadValue } from '../../../../../server/core/module/index.ts'
import { Edit, SocketEdit } from '../../../../../server/sip/edit.ts'
import { printRequest } from '../../../../../server/sip/print.ts'
import { messageText } from '../../../../compat/textops/facts.ts'
import { Stage } from '../textops/text-stage.ts'

const REQUEST = messageText({ name: '', steps: [] })

describe('msg_apply_changes', () => {
  test('what the script decided stays', () => {
    const stage = new Stage()
    const msg = stage.message(REQUEST)
    msg.flags = 5
    msg.dstUri = 'sip:192.0.2.9'
    msg.setUri('sip:carol@example.com')
    stage.call(msg, 'append_hf', 'X-New: yes\r\n')
    expect(stage.call(msg, 'msg_apply_changes')).toBe(1)
    expect(msg.flags).toBe(5)
    expect(msg.dstUri).toBe('sip:192.0.2.9')
    expect([msg.originalUri, msg.newUri, msg.edits]).toEqual(['sip:carol@example.com', null, null])
    expect(stage.call(msg, 'is_present_hf', 'X-New')).toBe(1)
    expect(msg.sipUri?.user).toBe('carol')
  })

  test('what was read before is read again', () => {
    const stage = new Stage()
    const msg = stage.message(REQUEST)
    expect([msg.from?.tag, msg.to?.tag, msg.cseq?.number]).toEqual(['f1', '', 1])
    stage.call(msg, 'replace', 'tag=f1', 'tag=f2')
    stage.call(msg, 'replace', 'CSeq: 1', 'CSeq: 2')
    stage.call(msg, 'msg_apply_changes')
    expect([msg.from?.tag, msg.cseq?.number]).toEqual(['f2', 2])
  })

  test('a text that is no message ends the script and changes nothing', () => {
    const stage = new Stage()
    const msg = stage.message(REQUEST)
    stage.call(msg, 'append_hf', 'no header\r\n')
    expect(stage.call(msg, 'msg_apply_changes')).toBe(0)
    expect(msg.raw).toBe(REQUEST)
  })

  test('is refused when the text depends on where the request leaves', () => {
    class RecordRoute extends SocketEdit {
      textFrom(): string {
        return 'Record-Route: <sip:x;lr>\r\n'
      }
    }
    const stage = new Stage()
    const msg = stage.message(REQUEST)
    msg.addEdit(new RecordRoute(msg.headersStart, 0, ''))
    expect(stage.call(msg, 'msg_apply_changes')).toBe(-1)
    msg.edits = [new Edit(msg.headersEnd, 0, 'X: 1\r\n')]
    expect(stage.call(msg, 'msg_apply_changes')).toBe(1)
  })
})

test('msg_set_buffer takes no reply in place of a request', () => {
  const stage = new Stage()
  const msg = stage.message(REQUEST)
  expect(stage.call(msg, 'msg_set_buffer', messageText({ name: '', reply: true, steps: [] }))).toBe(
    -1,
  )
  expect(msg.raw).toBe(REQUEST)
})

describe('iterators', () => {
  test('belong to their message', () => {
    const stage = new Stage()
    const [one, other] = [stage.message(REQUEST), stage.message(REQUEST)]
    stage.call(one, 'hf_iterator_start', 'i')
    expect(stage.call(one, 'hf_iterator_next', 'i')).toBe(1)
    expect(stage.call(other, 'hf_iterator_next', 'i')).toBe(-1)
    expect(stage.read(one, '$hfitname(i)')).toBe('Via')
    expect(stage.read(other, '$hfitname(i)')).toBeNull()
  })

  test('no more than four of a kind are open on a message', () => {
    const stage = new Stage()
    const msg = stage.message(REQUEST)
    const open = (name: string) => stage.call(msg, 'hf_iterator_start', name)
    expect(['a', 'b', 'c', 'd', 'e', 'a'].map(open)).toEqual([1, 1, 1, 1, -1, 1])
    stage.call(msg, 'hf_iterator_end', 'b')
    expect(open('e')).toBe(1)
  })

  test('touch nothing of a text that they were not opened on', () => {
    const stage = new Stage()
    const msg = stage.message(REQUEST)
    for (const kind of ['hf', 'bl']) {
      stage.call(msg, `${kind}_iterator_start`, 'i')
      stage.call(msg, `${kind}_iterator_next`, 'i')
    }
    stage.call(msg, 'append_hf', 'X: 1\r\n')
    stage.call(msg, 'msg_apply_changes')
    expect(stage.call(msg, 'hf_iterator_rm', 'i')).toBe(-1)
    expect(stage.call(msg, 'bl_iterator_rm', 'i')).toBe(-1)
  })

  test('walk over every header once, with next in a loop', () => {
    const stage = new Stage()
    const msg = stage.message(REQUEST)
    stage.call(msg, 'hf_iterator_start', 'i')
    let count = 0
    while (stage.call(msg, 'hf_iterator_next', 'i') > 0) count++
    expect(count).toBe(13)
  })
})

describe('fnmatch', () => {
  test.for([
    ['', '', 1],
    ['', '*', 1],
    ['abc', '*', 1],
    ['abc', 'a*c*', 1],
    ['abc', '*b', -1],
    ['abc', '???', 1],
    ['abc', '????', -1],
    ['a', '[^a]', -1],
    ['b', '[!a]', 1],
    [']', '[]]', 1],
    ['[', '[', 1],
    ['a-', 'a[b-]', 1],
    ['x5', 'x[[:digit:]]', 1],
    ['xy', 'x[![:digit:]]', 1],
    ['*', '\\*', 1],
    ['a', '\\*', -1],
  ] as const)('%j against %j is %i', ([value, pattern, verdict]) => {
    const stage = new Stage()
    expect(stage.call(stage.message(REQUEST), 'fnmatch', value, pattern)).toBe(verdict)
  })

  test('many stars take no time without end', () => {
    const stage = new Stage()
    const value = 'a'.repeat(5000)
    expect(stage.call(stage.message(REQUEST), 'fnmatch', value, `${'*a'.repeat(30)}*b`)).toBe(-1)
  })
})

test('keep_hf without an expression keeps what a message needs', () => {
  const stage = new Stage()
  const msg = stage.message(REQUEST)
  expect(stage.call(msg, 'keep_hf')).toBe(1)
  expect(printRequest(msg, msg.uri, '', '')).not.toMatch(/User-Agent|X-Info|Supported/)
})

test.for([
  ['append_hf_value', 'Route[*]'],
  ['append_hf_value', 'Route.x'],
  ['assign_hf_value', 'Route[*]'],
  ['include_hf_value', 'Supported[1]'],
  ['remove_hf_value', 'Route[x]'],
  ['remove_hf_value', ''],
] as const)('%s refuses %s when it is loaded', ([name, place]) => {
  const stage = new Stage()
  expect(() => stage.call(stage.message(REQUEST), name, place, 'v')).toThrow(BadValue)
})
