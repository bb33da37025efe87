// Failure routes and reply routes that wait for something, and replies that were set aside.
import { describe, expect, test } from 'vitest'
import type { RouteBlock } from '../../../../../server/core/module/index.ts'
import { BY_URI } from '../../../../../server/modules/tm/forward.ts'
import { relay } from '../../../../../server/modules/tm/relay.ts'
import * as set from '../../../../../server/modules/tm/settings.ts'
import { suspend } from '../../../../../server/modules/tm/suspend.ts'
import type { SipMessage } from '../../../../../server/sip/message.ts'
import { CALLER, request, TestProxy } from './proxy-for-test.ts'

const BOB = '10.0.0.3'
const DESK = '10.0.0.4'

/** A route that waits until the test opens it; `before` and `after` are its two parts. */
class Gate {
  readonly block: RouteBlock
  runs = 0
  private open: (code: number) => void = () => undefined

  constructor(kind: 'onreply' | 'failure', after: (msg: SipMessage) => void = () => undefined) {
    const { gate } = { gate: this }
    this.block = {
      kind,
      name: 'GATE',
      run: function* (msg) {
        gate.runs++
        yield new Promise<number>(open => (gate.open = open))
        after(msg)
        return 1
      },
    }
  }

  async let(): Promise<void> {
    this.open(1)
    await new Promise(later => setImmediate(later))
  }
}

function relaying(before: (proxy: TestProxy, msg: SipMessage) => unknown): TestProxy {
  return new TestProxy((proxy, msg) => {
    before(proxy, msg)
    msg.dstUri = `sip:${BOB}`
    return relay(proxy.tm, msg, BY_URI, 0)
  }).start()
}

/** Relays to somebody else, as a failure route does. */
function another(proxy: TestProxy, msg: SipMessage): void {
  msg.setDstUri(`sip:${DESK}`)
  relay(proxy.tm, msg, BY_URI, 0)
}

const empty = (proxy: TestProxy): void => {
  proxy.pass(60_000)
  expect(proxy.tm.counters.current).toBe(0)
  expect(proxy.core.timers.armedCount).toBe(0)
  expect(proxy.core.routes.waiting).toBe(0)
}

describe('an onreply_route that waits', () => {
  const gated = (): { proxy: TestProxy; gate: Gate } => {
    const gate = new Gate('onreply')
    return { gate, proxy: relaying((own, msg) => set.onReply(own.tm, msg, gate.block)) }
  }

  test('holds a final reply, which goes on once, however often it came', async () => {
    const { proxy, gate } = gated()
    proxy.receive(request('OPTIONS', 'bob'))
    proxy.answer(BOB, 200)
    proxy.answer(BOB, 200)
    proxy.take()
    expect(gate.runs).toBe(1)
    await gate.let()
    expect(proxy.take()).toEqual([`${CALLER} 200 Reason OPTIONS`])
    empty(proxy)
  })

  test('passes on each repetition of a 200, whose ACK may have been lost', async () => {
    const { proxy, gate } = gated()
    proxy.receive(request('INVITE', 'bob'))
    proxy.trying()
    proxy.answer(BOB, 200)
    await gate.let()
    proxy.take()
    proxy.answer(BOB, 200)
    await gate.let()
    expect(proxy.take()).toEqual([`${CALLER} 200 Reason INVITE`])
    empty(proxy)
  })

  test('loses a provisional reply that was overtaken', async () => {
    const { proxy, gate } = gated()
    proxy.receive(request('INVITE', 'bob'))
    proxy.answer(BOB, 180)
    set.onReply(proxy.tm, proxy.tm.table.all()[0]!.request!, null)
    proxy.answer(BOB, 200)
    proxy.take()
    await gate.let()
    expect(proxy.take()).toEqual([])
    empty(proxy)
  })

  test('counts as pending: a CANCEL meanwhile is answered, the reply goes on', async () => {
    const { proxy, gate } = gated()
    proxy.receive(request('INVITE', 'bob'))
    proxy.answer(BOB, 180)
    await gate.let()
    proxy.answer(BOB, 486)
    proxy.take()
    proxy.receive(request('CANCEL', 'bob'))
    expect(proxy.take()).toEqual([`${CALLER} 200 canceling CANCEL`])
    await gate.let()
    expect(proxy.take()).toEqual([`${CALLER} 486 Reason INVITE`])
    proxy.receive(request('ACK', 'bob'))
    empty(proxy)
  })
})

describe('provisional replies whose route waits', () => {
  const gated = (): { proxy: TestProxy; gates: Gate[] } => {
    const gates: Gate[] = []
    const proxy = relaying((own, msg) => set.onReply(own.tm, msg, next.block))
    // Each reply has a gate of its own.
    const next = new Gate('onreply')
    proxy.core.routes.run = (run => (block, msg, type) => {
      if (block !== next.block) return run(block, msg, type)
      gates.push(new Gate('onreply'))
      return run(gates.at(-1)!.block, msg, type)
    })(proxy.core.routes.run.bind(proxy.core.routes))
    return { proxy, gates }
  }

  test('all go on, and timer C runs on', async () => {
    const { proxy, gates } = gated()
    proxy.receive(request('INVITE', 'bob'))
    proxy.answer(BOB, 180)
    proxy.answer(BOB, 183)
    proxy.take()
    for (const gate of gates) await gate.let()
    expect(proxy.take()).toEqual([`${CALLER} 180 Reason INVITE`, `${CALLER} 183 Reason INVITE`])
    proxy.pass(120_020)
    expect(proxy.take()).toContain(`${CALLER} 408 Request Timeout INVITE`)
    proxy.receive(request('ACK', 'bob'))
    empty(proxy)
  })

  test('that come behind a final one that is held leave it where it is', async () => {
    const { proxy, gates } = gated()
    proxy.receive(request('INVITE', 'bob'))
    proxy.answer(BOB, 200)
    proxy.answer(BOB, 180)
    proxy.take()
    await gates[1]!.let()
    await gates[0]!.let()
    expect(proxy.take()).toEqual([`${CALLER} 180 Reason INVITE`, `${CALLER} 200 Reason INVITE`])
    empty(proxy)
  })
})

describe('a failure_route that waits', () => {
  const gated = (after: (proxy: TestProxy, msg: SipMessage) => void) => {
    const gate: Gate = new Gate('failure', msg => after(proxy, msg))
    const proxy: TestProxy = relaying((own, msg) => set.onFailure(own.tm, msg, gate.block))
    return { gate, proxy }
  }

  test('holds the failure until it has ended', async () => {
    const { proxy, gate } = gated(() => undefined)
    proxy.receive(request('INVITE', 'bob'))
    proxy.answer(BOB, 486)
    proxy.take()
    expect(proxy.take()).toEqual([])
    await gate.let()
    expect(proxy.take()).toEqual([`${CALLER} 486 Reason INVITE`])
    proxy.receive(request('ACK', 'bob'))
    empty(proxy)
  })

  test('tries another place behind the wait', async () => {
    const { proxy, gate } = gated(another)
    proxy.receive(request('INVITE', 'bob'))
    proxy.answer(BOB, 486)
    proxy.take()
    await gate.let()
    expect(proxy.take()).toEqual([`${DESK} INVITE sip:bob@10.0.0.1`])
    proxy.answer(DESK, 200)
    expect(proxy.take()).toEqual([`${CALLER} 200 Reason INVITE`])
    empty(proxy)
  })

  test('does not go on for a caller who gave up', async () => {
    const { proxy, gate } = gated(another)
    proxy.receive(request('INVITE', 'bob'))
    proxy.answer(BOB, 486)
    proxy.receive(request('CANCEL', 'bob'))
    proxy.take()
    await gate.let()
    expect(proxy.take()).toEqual([`${CALLER} 486 Reason INVITE`])
    proxy.receive(request('ACK', 'bob'))
    empty(proxy)
  })

  test('whose transaction is over does nothing any more', async () => {
    const { proxy, gate } = gated(another)
    proxy.receive(request('OPTIONS', 'bob'))
    proxy.answer(BOB, 486)
    proxy.take()
    proxy.pass(60_000)
    await gate.let()
    expect(proxy.take()).toEqual([])
    empty(proxy)
  })
})

describe('a reply that was set aside', () => {
  const setAside = (): TestProxy => {
    const proxy: TestProxy = relaying((own, msg) => set.onReply(own.tm, msg, hold))
    const hold = proxy.block('onreply', 'HOLD', msg => {
      expect(suspend(proxy.tm, msg)).toBe(1)
      return 0
    })
    return proxy
  }
  const resume = (proxy: TestProxy): boolean => {
    const { hashIndex, label } = proxy.tm.table.all()[0]!
    return proxy.tm.resume(hashIndex, label, { kind: 'route', name: 'ON', run: () => 1 })
  }

  test('goes on with t_continue, once', () => {
    const proxy = setAside()
    proxy.receive(request('OPTIONS', 'bob'))
    proxy.answer(BOB, 200)
    proxy.answer(BOB, 200)
    proxy.take()
    expect(resume(proxy)).toBe(true)
    expect(proxy.take()).toEqual([`${CALLER} 200 Reason OPTIONS`])
    expect(resume(proxy)).toBe(false)
    empty(proxy)
  })

  test('goes on as it is when nobody does so in time', () => {
    const proxy = setAside()
    proxy.receive(request('OPTIONS', 'bob'))
    proxy.answer(BOB, 200)
    proxy.take()
    proxy.pass(30_020)
    expect(proxy.take()).toEqual([`${CALLER} 200 Reason OPTIONS`])
    expect(proxy.log).toContain('the reply 200 Reason was held too long and goes on as it is')
    empty(proxy)
  })

  test.for([
    [1, []],
    [0, [`${CALLER} 200 Reason INVITE`]],
  ] as const)('after another final reply: reply_relay_mode %i', ([mode, expected]) => {
    const proxy = setAside()
    proxy.config.reply_relay_mode = mode
    proxy.receive(request('INVITE', 'bob'))
    proxy.answer(BOB, 200)
    const [t] = proxy.tm.table.all()
    expect(proxy.tm.replyTo(t!, 480, 'Later')).toBe(true)
    proxy.receive(request('ACK', 'bob'))
    proxy.take()
    resume(proxy)
    expect(proxy.take()).toEqual(expected)
    empty(proxy)
  })
})
