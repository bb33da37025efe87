/** cnt_inc, cnt_add, cnt_reset: a script counts. */
import type { SipMessage } from '../../sip/message.ts'
import type { ScriptCounters } from './counters.ts'

export function increment(self: ScriptCounters, _msg: SipMessage, name: string): number {
  return add(self, _msg, name, 1)
}

export function add(self: ScriptCounters, _msg: SipMessage, name: string, by: number): number {
  const counter = self.find(name)
  if (counter === null) return -1
  counter.value += by
  return 1
}

export function reset(self: ScriptCounters, _msg: SipMessage, name: string): number {
  const counter = self.find(name)
  if (counter === null) return -1
  counter.value = 0
  return 1
}
