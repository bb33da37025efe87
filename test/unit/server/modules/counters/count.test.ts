import { describe, expect, test } from 'vitest'
import type { SipMessage } from '../../../../../server/sip/message.ts'
import { add, increment, reset } from '../../../../../server/modules/counters/count.ts'
import counters from '../../../../../server/modules/counters/counters.module.ts'
import {
  scriptCounter,
  type ScriptCounters,
} from '../../../../../server/modules/counters/counters.ts'
import { testModules } from '../modules-for-test.ts'

const { core, host } = testModules(
  [counters],
  [
    ['counters', 'script_cnt_grp_name', 'mine'],
    ['counters', 'script_counter', 'plain'],
    ['counters', 'script_counter', 'calls.refused calls that no route took'],
  ],
)
const self = host.instance('counters') as ScriptCounters
// The functions do not look at the message.
const msg = null as unknown as SipMessage

describe('script counters', () => {
  test('are declared with group, name and description', () => {
    expect(scriptCounter('a.b  some text')).toEqual({ group: 'a', name: 'b', doc: 'some text' })
    expect(scriptCounter('b').doc).toBe('custom script counter.')
    expect(() => scriptCounter('a b.c!')).not.toThrow()
    expect(() => scriptCounter('')).toThrow('bad script counter')
    expect(core.counters.find('calls', 'refused')?.doc).toBe('calls that no route took')
  })

  test('are counted by name or group and name', () => {
    expect([increment(self, msg, 'plain'), add(self, msg, 'mine.plain', 5)]).toEqual([1, 1])
    expect(add(self, msg, 'calls.refused', -2)).toBe(1)
    expect(core.counters.find('mine', 'plain')?.value).toBe(6)
    expect(core.counters.find('calls', 'refused')?.value).toBe(-2)
    expect(reset(self, msg, 'plain')).toBe(1)
    expect(core.counters.find('mine', 'plain')?.value).toBe(0)
  })

  test('statistics of others are not for the script', () => {
    core.counters.register('core', 'rcv_requests', '')
    expect(increment(self, msg, 'core.rcv_requests')).toBe(-1)
    expect(add(self, msg, 'nosuch', 1)).toBe(-1)
    expect(reset(self, msg, 'nosuch')).toBe(-1)
  })
})
