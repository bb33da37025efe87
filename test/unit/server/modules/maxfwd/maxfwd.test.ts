// Max-Forwards beyond what test/compat/textops says of it.
import { expect, test } from 'vitest'
import { printRequest } from '../../../../../server/sip/print.ts'
import { messageText } from '../../../../compat/textops/facts.ts'
import { Stage } from '../textops/text-stage.ts'

const withValue = (value: string): string =>
  messageText({ name: '', replace: [['Max-Forwards: 70', `Max-Forwards: ${value}`]], steps: [] })

function process(value: string, params = {}, names = ['mf_process_maxfwd_header']) {
  const stage = new Stage(5060, { maxfwd: params })
  const msg = stage.message(withValue(value))
  const verdicts = names.map(name => stage.call(msg, name, 10))
  const sent = printRequest(msg, msg.uri, '', '')
  return [...verdicts, /^Max-Forwards: (.*)\r$/m.exec(sent)?.[1]]
}

test('the limit is the largest value that leaves', () => {
  expect(process('255', { max_limit: 32 })).toEqual([1, ' 32'])
  expect(process('33', { max_limit: 32 })).toEqual([1, '32'])
  expect(process('32', { max_limit: 32 })).toEqual([1, '31'])
})

test('three names of one function count down three times', () => {
  const names = ['maxfwd_process', 'mf_process_maxfwd_header', 'process_maxfwd']
  expect(process('5', {}, names)).toEqual([1, 1, 1, '2'])
})

test('what counts down to 0 goes no further', () => {
  expect(process('1', {}, ['maxfwd_process', 'maxfwd_process'])).toEqual([1, -1, '0'])
})

test('the value that will leave is compared', () => {
  const stage = new Stage()
  const msg = stage.message(withValue('5'))
  stage.call(msg, 'maxfwd_process', 10)
  expect(stage.call(msg, 'is_maxfwd_lt', 5)).toBe(1)
  expect(stage.call(msg, 'maxfwd_at_least', 4)).toBe(-1)
  expect(stage.call(stage.message(withValue('x')), 'mf_lowlimit', 4)).toBe(-3)
})
