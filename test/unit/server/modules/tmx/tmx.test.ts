// tmx: cancelling and answering by call, setting aside, variables and statistics.
import { describe, expect, test } from 'vitest'
import * as tmx from '../../../../../server/modules/tmx/functions.ts'
import { Tmx } from '../../../../../server/modules/tmx/tmx.ts'
import surface from '../../../../../server/modules/tmx/tmx.module.ts'
import * as pv from '../../../../../server/modules/tmx/variables.ts'
import { BY_URI } from '../../../../../server/modules/tm/forward.ts'
import { relay } from '../../../../../server/modules/tm/relay.ts'
import * as set from '../../../../../server/modules/tm/settings.ts'
import type { SipMessage } from '../../../../../server/sip/message.ts'
import { CALLER, request, TestProxy } from '../tm/proxy-for-test.ts'

const BOB = '10.0.0.3'
const DESK = '10.0.0.4'

const withTmx = (proxy: TestProxy): Tmx =>
  new Tmx({
    core: proxy.core,
    config: { precheck_trans: 1 },
    apis: { tm: proxy.tm },
    stats: {} as never,
  })

type Script = (proxy: TestProxy, self: Tmx, msg: SipMessage) => number | undefined

/** A proxy whose script has tmx at hand. */
function node(script: Script): { proxy: TestProxy; self: Tmx } {
  const proxy: TestProxy = new TestProxy((own, msg) => script(own, self, msg))
  const self = withTmx(proxy)
  proxy.start()
  self.start()
  return { proxy, self }
}

const relaying = (before: Script = () => 1): { proxy: TestProxy; self: Tmx } =>
  node((proxy, self, msg) => {
    before(proxy, self, msg)
    msg.dstUri = `sip:${BOB}`
    return relay(proxy.tm, msg, BY_URI, 0)
  })

describe('by Call-ID and CSeq', () => {
  test('t_cancel_callid cancels, sets a flag and says why', () => {
    const { proxy, self } = relaying()
    proxy.receive(request('INVITE', 'bob'))
    proxy.answer(BOB, 180)
    expect(tmx.cancelCall(self, null as never, 'c1', '1', 22, 200)).toBe(1)
    expect(proxy.last(BOB).header('Reason')).toBe('SIP;cause=200')
    expect(proxy.tm.table.all()[0]!.request!.flags).toBe(1 << 22)
    expect(tmx.cancelCall(self, null as never, 'unknown', '1', 0)).toBe(-1)
  })

  test('t_reply_callid answers', () => {
    const { proxy, self } = relaying()
    proxy.receive(request('OPTIONS', 'bob'))
    expect(tmx.replyCall(self, null as never, 'c1', '1', 458, 'Remotely')).toBe(1)
    expect(proxy.take().at(-1)).toBe(`${CALLER} 458 Remotely OPTIONS`)
    expect(tmx.replyCall(self, null as never, 'unknown', '1', 458, 'x')).toBe(-1)
  })
})

describe('t_cancel_branches', () => {
  test.for([
    ['this', [BOB]],
    ['others', [DESK]],
    ['all', [BOB, DESK]],
  ] as const)('%s', ([which, cancelled]) => {
    const { proxy } = node((own, self, msg) => {
      const block = own.block('onreply', 'R', reply =>
        reply.status === 183 ? tmx.cancelBranches(self, reply, which) : 1,
      )
      set.onReply(own.tm, msg, block)
      msg.setUri(`sip:a@${BOB}`)
      msg.branches = [branch(`sip:b@${DESK}`)]
      return relay(own.tm, msg, BY_URI, 0)
    })
    proxy.receive(request('INVITE', 'bob'))
    proxy.answer(DESK, 180)
    proxy.answer(BOB, 180)
    proxy.take()
    proxy.answer(BOB, 183)
    const cancels = proxy.take().filter(line => line.includes(' CANCEL '))
    expect(cancels.map(line => line.split(' ')[0])).toEqual(cancelled)
  })
})

const branch = (uri: string) => ({
  uri,
  dstUri: '',
  path: '',
  q: -1,
  flags: 0,
  socket: null,
  instance: '',
  regId: 0,
  ruid: 'r2',
  userAgent: '',
  connection: 0,
})

describe('setting a request aside', () => {
  test('t_continue goes on in a route', () => {
    const { proxy, self } = node((_own, own, msg) => tmx.suspend(own, msg))
    proxy.block('route', 'ON', msg => {
      msg.dstUri = `sip:${BOB}`
      return relay(proxy.tm, msg, BY_URI, 0)
    })
    proxy.receive(request('OPTIONS', 'bob'))
    const [t] = proxy.tm.table.all()
    const go = (): number => tmx.continueRoute(self, null as never, t!.hashIndex, t!.label, 'ON')
    expect(go()).toBe(1)
    expect(proxy.take()).toEqual([`${BOB} OPTIONS sip:bob@10.0.0.1`])
    proxy.answer(BOB, 404, 'No')
    expect(proxy.take()).toEqual([`${CALLER} 404 No OPTIONS`])
    expect(go()).toBe(-1)
    expect(tmx.continueRoute(self, null as never, t!.hashIndex, t!.label, 'NONE')).toBe(-1)
  })

  test('what the route leaves open is answered 500, what never goes on 408', () => {
    const { proxy, self } = node((_own, own, msg) => tmx.suspend(own, msg))
    proxy.block('route', 'ON', () => 1)
    proxy.receive(request('OPTIONS', 'bob'))
    const [t] = proxy.tm.table.all()
    tmx.continueRoute(self, null as never, t!.hashIndex, t!.label, 'ON')
    expect(proxy.take()).toEqual([
      `${CALLER} 500 I'm terribly sorry, server error occurred (1/TM) OPTIONS`,
    ])
    proxy.receive(request('OPTIONS', 'bob', { callId: 'c2' }))
    proxy.pass(30_020)
    expect(proxy.take()).toEqual([`${CALLER} 408 Request Timeout OPTIONS`])
  })

  test('t_drop ends a transaction without a reply', () => {
    const { proxy } = relaying((own, self, msg) => {
      const block = own.block('failure', 'F', failed => tmx.drop(self, failed))
      return set.onFailure(own.tm, msg, block)
    })
    proxy.receive(request('OPTIONS', 'bob'))
    proxy.answer(BOB, 404)
    expect(proxy.take()).toEqual([`${BOB} OPTIONS sip:bob@10.0.0.1`])
    proxy.pass(5020)
    expect(proxy.tm.counters.current).toBe(0)
  })
})

describe('t_precheck_trans', () => {
  test('knows the same request only while its script has not ended', () => {
    const verdicts: number[] = []
    const { proxy, self } = node((own, mine, msg) => {
      verdicts.push(tmx.precheck(mine, msg))
      // While this script waits, another copy comes.
      if (verdicts.length === 1) own.receive(request('OPTIONS', 'bob'))
      return 1
    })
    proxy.receive(request('OPTIONS', 'bob'))
    proxy.receive(request('OPTIONS', 'bob'))
    proxy.receive(request('ACK', 'bob'))
    expect(verdicts).toEqual([-1, 1, -1, -1])
    expect(self.underWay).toEqual([])
  })
})

describe('variables', () => {
  const facts = (self: Tmx, msg: SipMessage): unknown[] => [
    pv.branchIndex(self, msg),
    pv.replyCode(self, msg),
    pv.replyReason(self, msg),
    pv.replyRuid(self, msg),
    pv.attribute(self, msg, 'reply_type'),
    pv.branchAttribute(self, msg, 'uri'),
  ]

  test('in request, branch, reply and failure routes', () => {
    const seen: unknown[][] = []
    const note = (self: Tmx, msg: SipMessage): number => seen.push(facts(self, msg))
    const { proxy } = relaying((own, self, msg) => {
      note(self, msg)
      msg.ruid = 'r1'
      set.onBranch(
        own.tm,
        msg,
        own.block('branch', 'B', each => note(self, each)),
      )
      set.onReply(
        own.tm,
        msg,
        own.block('onreply', 'R', each => note(self, each)),
      )
      return set.onFailure(
        own.tm,
        msg,
        own.block('failure', 'F', each => note(self, each)),
      )
    })
    proxy.receive(request('OPTIONS', 'bob'))
    proxy.answer(BOB, 404, 'No')
    const uri = 'sip:bob@10.0.0.1'
    expect(seen).toEqual([
      [0, 0, '', '', null, null],
      [0, 0, '', '', 0, null],
      [0, 404, 'No', 'r1', 0, uri],
      [1, 404, 'No', 'r1', 0, null],
    ])
  })

  test('$T(id_index_n) makes the transaction', () => {
    const seen: unknown[] = []
    const { proxy } = relaying((_own, self, msg) => {
      seen.push(pv.attribute(self, msg, 'id_index'), pv.attribute(self, msg, 'id_index_n'))
      return 1
    })
    proxy.receive(request('OPTIONS', 'bob'))
    expect(seen).toEqual([null, proxy.tm.table.all()[0]!.hashIndex])
  })

  test('$T_req(), $T_rpl() and $T_inv() read other messages', () => {
    const get = (msg: SipMessage): string => msg.method + msg.status
    const inner = { text: '$x', get, set: null }
    const seen: unknown[] = []
    const { proxy } = relaying((own, self, msg) => {
      if (msg.method === 'CANCEL') seen.push(pv.fromInvite(self, msg, inner))
      const read = (each: SipMessage): number =>
        seen.push(pv.fromRequest(self, each, inner), pv.fromReply(self, each, inner))
      return set.onReply(own.tm, msg, own.block('onreply', 'R', read))
    })
    proxy.receive(request('INVITE', 'bob'))
    proxy.answer(BOB, 180)
    proxy.receive(request('CANCEL', 'bob'))
    expect(seen).toEqual(['INVITE0', null, 'INVITE0'])
  })
})

describe('statistics', () => {
  test('count transactions and replies', () => {
    const { proxy, self } = relaying()
    proxy.receive(request('OPTIONS', 'bob'))
    proxy.answer(BOB, 200)
    proxy.receive(request('OPTIONS', 'bob', { callId: 'c2' }))
    const read = (name: string): number => {
      const row = (surface.stats as Record<string, { read?: (self: Tmx) => number }>)[name]
      return row!.read!(self)
    }
    const names = ['UAS_transactions', 'inuse_transactions', 'active_transactions'] as const
    expect(names.map(name => read(name))).toEqual([2, 2, 1])
    expect(read('2xx_transactions')).toBe(1)
    expect(read('rpl_relayed')).toBe(1)
    expect(read('rpl_absorbed')).toBe(0)
  })
})
