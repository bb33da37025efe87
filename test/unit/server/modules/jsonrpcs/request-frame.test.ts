import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { RequestFrame } from '../../../../../server/modules/jsonrpcs/request-frame.ts'

function setUp(): { frame: RequestFrame; overflows: () => number } {
  let overflows = 0
  return { frame: new RequestFrame(() => overflows++), overflows: () => overflows }
}

describe('requests in the FIFO', () => {
  const requests = ['{"a":1}', '{"a":{"b":"}"}}', '{"a":"{\\"","b":{}}', "{'x':'}'}", '{}']

  test('are found however the writes are cut', () => {
    const stream = requests.join('\n junk ')
    fc.assert(
      fc.property(fc.array(fc.nat(stream.length), { maxLength: 12 }), cuts => {
        const { frame } = setUp()
        const at = [0, ...cuts.toSorted((a, b) => a - b), stream.length]
        const found = at.slice(1).flatMap((end, i) => frame.push(stream.slice(at[i], end)))
        expect(found).toEqual(requests)
      }),
    )
  })

  test('a quote outside of a request is nothing', () => {
    expect(setUp().frame.push('it\'s "{"a":1}')).toEqual(['{"a":1}'])
  })

  test('one that is too long is dropped, the next one is taken', () => {
    const { frame, overflows } = setUp()
    expect(frame.push(`{"a":"${'x'.repeat(5000)}`)).toEqual([])
    expect(frame.push('x'.repeat(5000))).toEqual([])
    expect(overflows()).toBe(1)
    expect(frame.push('"}{"b":2}')).toEqual(['{"b":2}'])
  })

  test('the longest that is taken has 8191 bytes', () => {
    const { frame, overflows } = setUp()
    const longest = `{"a":"${'x'.repeat(8191 - 8)}"}`
    expect(longest).toHaveLength(8191)
    expect(frame.push(longest)).toEqual([longest])
    expect(overflows()).toBe(0)
  })
})
