// The plain reader of SIP messages that tests judge by.
import { expect, test } from 'vitest'
import { SipText, frame, param, print, splitList, uriOf } from '../../kit/sip-text.ts'

test('headers are found by any name, lists are taken apart, folded lines joined', () => {
  const message = new SipText(
    'SIP/2.0 200 OK\r\nv: A;x=1, B\r\nVia: C\r\nCSEQ:  7\r\n INVITE\r\n\r\nbody',
  )
  expect(message.all('Via')).toEqual(['A;x=1', 'B', 'C'])
  expect([message.status, message.cseq, message.method]).toEqual([200, 7, 'INVITE'])
  expect(message.body).toBe('body')
})

test('a comma in quotes or in a URI separates nothing', () => {
  expect(splitList('"a, b" <sip:x,y@z>;q=1, <sip:c>')).toEqual([
    '"a, b" <sip:x,y@z>;q=1',
    '<sip:c>',
  ])
})

test('parameters are those of the header, not those of the URI', () => {
  const value = '"x" <sip:a@b;tag=no>;tag=yes'
  expect(param(value, 'tag')).toBe('yes')
  expect(uriOf(value)).toBe('sip:a@b;tag=no')
})

test('a printed message is framed by its length, and not before it is whole', () => {
  const text = print('MESSAGE sip:x SIP/2.0', [['Via', 'y']], 'hello')
  expect(text).toContain('Content-Length: 5\r\n')
  expect(frame(`${text}rest`)).toBe(text.length)
  expect(frame(text.slice(0, -1))).toBe(-1)
})
