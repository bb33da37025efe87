// The number that tm.list prints for each kind of transaction, as Kamailio 5.6.3 printed it.
import { expect, test } from 'vitest'
import { BY_URI } from '../../../../../server/modules/tm/forward.ts'
import { relay } from '../../../../../server/modules/tm/relay.ts'
import * as set from '../../../../../server/modules/tm/settings.ts'
import { suspend } from '../../../../../server/modules/tm/suspend.ts'
import { tflags } from '../../../../../server/modules/tm/tflags.ts'
import type { Tm } from '../../../../../server/modules/tm/tm.ts'
import type { SipMessage } from '../../../../../server/sip/message.ts'
import { request, TestProxy } from './proxy-for-test.ts'

type Script = (tm: Tm, msg: SipMessage) => unknown

const CASES: readonly (readonly [string, number, Script])[] = [
  ['nothing', 65, () => 1],
  ['t_set_disable_6xx', 321, (tm, msg) => set.setDisable6xx(tm, msg, 1)],
  ['t_set_disable_failover', 577, (tm, msg) => set.setDisableFailover(tm, msg, 1)],
  ['t_set_no_e2e_cancel_reason', 1089, (tm, msg) => set.setNoE2eCancelReason(tm, msg, 1)],
  ['t_set_disable_internal_reply', 8257, (tm, msg) => set.setDisableInternalReply(tm, msg, 1)],
]

const flagsOf = ({ tm }: TestProxy): number[] => [...tm.table.all()].map(t => tflags(tm, t))

test.for(CASES)('an INVITE with %s: %i', ([, flags, script]) => {
  const proxy = new TestProxy(({ tm }, msg) => {
    script(tm, msg)
    msg.dstUri = 'sip:10.0.0.3'
    return relay(tm, msg, BY_URI, 0)
  }).start()
  proxy.receive(request('INVITE', 'bob'))
  expect(flagsOf(proxy)).toEqual([flags])
  if (flags !== 65) return
  proxy.receive(request('CANCEL', 'bob'))
  expect(flagsOf(proxy).toSorted((a, b) => a - b)).toEqual([0, 73])
})

test('an INVITE that was set aside: 32837', () => {
  const proxy = new TestProxy(({ tm }, msg) => suspend(tm, msg)).start()
  proxy.receive(request('INVITE', 'bob'))
  expect(flagsOf(proxy)).toEqual([32837])
})

test.for([
  ['OPTIONS', 2],
  ['INVITE', 67],
] as const)('%s of our own: %i', ([method, flags]) => {
  const proxy = new TestProxy(() => 1).start()
  const uri = 'sip:10.0.0.3'
  proxy.tm.request({ method, uri, from: '<sip:a@b>', to: '<sip:c@d>' })
  expect(flagsOf(proxy)).toEqual([flags])
})
