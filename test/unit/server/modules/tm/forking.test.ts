// Several destinations: RFC 3261 section 16.7, failure routes, serial forking, errors.
import { describe, expect, test } from 'vitest'
import { type RouteBlock } from '../../../../../server/core/module/index.ts'
import { EVENT_ROUTE } from '../../../../../server/core/route-bits.ts'
import { SCRIPT_DROP } from '../../../../../server/core/script-state.ts'
import { tReply } from '../../../../../server/modules/tm/answer-functions.ts'
import { branchTimedOut, checkStatus } from '../../../../../server/modules/tm/checks.ts'
import { BY_URI } from '../../../../../server/modules/tm/forward.ts'
import { relay } from '../../../../../server/modules/tm/relay.ts'
import * as set from '../../../../../server/modules/tm/settings.ts'
import { Edit } from '../../../../../server/sip/edit.ts'
import type { Branch, SipMessage } from '../../../../../server/sip/message.ts'
import { CALLER, request, TestProxy } from './proxy-for-test.ts'

const BOB = '10.0.0.3'
const DESK = '10.0.0.4'
const CELL = '10.0.0.5'

const branch = (uri: string): Branch => ({
  uri,
  dstUri: '',
  path: '',
  q: -1,
  flags: 0,
  socket: null,
  instance: '',
  regId: 0,
  ruid: '',
  userAgent: '',
  connection: 0,
})

/** The request URI and branches become these URIs. */
function destinations(msg: SipMessage, ...uris: string[]): void {
  msg.setUri(uris[0]!)
  msg.branches = uris.slice(1).map(branch)
}

type Step = (proxy: TestProxy, msg: SipMessage) => void

/** Forks to Bob and his desk; `before` may set routes. */
function forking(before: Step = () => {}, method = 'INVITE'): TestProxy {
  const proxy = new TestProxy((self, msg) => {
    before(self, msg)
    destinations(msg, `sip:b1@${BOB}`, `sip:b2@${DESK}`)
    return relay(self.tm, msg, BY_URI, 0)
  }).start()
  proxy.receive(request(method, 'bob'))
  if (method === 'INVITE') proxy.trying()
  return proxy
}

const finalOf = (proxy: TestProxy): string | undefined =>
  proxy.take().findLast(line => line.startsWith(CALLER))

describe('parallel forking', () => {
  test('sends to all at once, each with its own branch and URI', () => {
    const proxy = forking()
    const [, first, second] = proxy.sent.map(({ sip }) => sip.header('Via'))
    expect(first!.slice(0, -1)).toBe(second!.slice(0, -1))
    expect(first!.at(-1)).toBe('0')
    expect(second!.at(-1)).toBe('1')
    expect(proxy.take()).toEqual([`${BOB} INVITE sip:b1@${BOB}`, `${DESK} INVITE sip:b2@${DESK}`])
  })

  test('a 200 goes upstream at once and cancels the others, saying why', () => {
    const proxy = forking()
    proxy.answer(BOB, 180)
    proxy.answer(DESK, 200, 'OK')
    const cancel = proxy.last(BOB)
    expect(cancel.header('Reason')).toBe('SIP;cause=200;text="Call completed elsewhere"')
    expect(proxy.take().slice(2)).toEqual([
      `${CALLER} 180 Reason INVITE`,
      `${CALLER} 200 OK INVITE`,
      `${BOB} CANCEL sip:b1@${BOB}`,
    ])
  })

  test('a 200 of a second branch is relayed as well', () => {
    const proxy = forking()
    proxy.answer(BOB, 200, 'One')
    proxy.answer(DESK, 200, 'Two')
    expect(proxy.take().slice(2)).toEqual([`${CALLER} 200 One INVITE`, `${CALLER} 200 Two INVITE`])
  })

  test.for([
    [486, 404, 404],
    [500, 486, 486],
    [302, 404, 302],
    [603, 302, 603],
    [404, 407, 407],
    [486, 484, 484],
    [503, 502, 502],
  ])('of %i and %i the caller gets %i', ([one, two, best]) => {
    const proxy = forking()
    proxy.answer(BOB, one!)
    expect(finalOf(proxy)).toBeUndefined()
    proxy.answer(DESK, two!)
    expect(finalOf(proxy)).toBe(`${CALLER} ${best} Reason INVITE`)
  })

  test.for([302, 504, 580])('a phone that cannot be reached says less than a %i', code => {
    const proxy = new TestProxy((self, msg) => {
      destinations(msg, `sip:b1@${BOB};transport=tcp`, `sip:b2@${DESK}`)
      return relay(self.tm, msg, BY_URI, 0)
    }).start()
    proxy.receive(request('OPTIONS', 'bob'))
    const refused = { proto: 2, ip: BOB, port: 5060, connection: 0, socket: null }
    proxy.core.network.onSendError!(refused, '')
    expect(finalOf(proxy)).toBeUndefined()
    proxy.answer(DESK, code)
    expect(finalOf(proxy)).toBe(`${CALLER} ${code} Reason OPTIONS`)
  })

  test('a 200 of a branch that was given up cancels those that ring, once', () => {
    const proxy = forking()
    proxy.answer(DESK, 180)
    proxy.pass(30_020)
    proxy.take()
    proxy.answer(BOB, 200)
    expect(proxy.take()).toEqual([`${CALLER} 200 Reason INVITE`, `${DESK} CANCEL sip:b2@${DESK}`])
    proxy.answer(BOB, 200)
    expect(proxy.take()).toEqual([`${CALLER} 200 Reason INVITE`])
  })

  test('a branch that was given up for its silence is cancelled when it rings after all', () => {
    const proxy = forking()
    proxy.answer(DESK, 180)
    proxy.pass(30_020)
    proxy.take()
    proxy.answer(BOB, 180)
    proxy.answer(BOB, 183)
    expect(proxy.take()).toEqual([`${BOB} CANCEL sip:b1@${BOB}`])
    proxy.answer(BOB, 200, 'OK', '', 'CANCEL')
    proxy.answer(BOB, 487, 'Terminated', '', 'INVITE')
    expect(proxy.take()).toEqual([`${BOB} ACK sip:b1@${BOB}`])
    proxy.answer(DESK, 486)
    proxy.receive(request('ACK', 'bob', { toTag: 'b' }))
    proxy.pass(60_000)
    expect([proxy.tm.counters.current, proxy.core.timers.armedCount]).toEqual([0, 0])
  })

  test('a CANCEL behind the call that nobody answers ends with it', () => {
    const proxy = forking()
    proxy.pass(30_020)
    proxy.receive(request('ACK', 'bob', { toTag: 'b' }))
    proxy.answer(BOB, 180)
    expect(proxy.take().at(-1)).toBe(`${BOB} CANCEL sip:b1@${BOB}`)
    proxy.pass(60_000)
    expect([proxy.tm.counters.current, proxy.core.timers.armedCount]).toEqual([0, 0])
  })

  test('a branch that times out counts as 408, and loses against a real reply of rank', () => {
    const proxy = forking()
    proxy.answer(BOB, 404)
    proxy.pass(30_020)
    expect(finalOf(proxy)).toBe(`${CALLER} 404 Reason INVITE`)
  })

  test('a 6xx cancels the others and waits for them', () => {
    const proxy = forking()
    proxy.answer(DESK, 180)
    proxy.answer(BOB, 603, 'Decline')
    expect(proxy.take().slice(-2)).toEqual([
      `${BOB} ACK sip:b1@${BOB}`,
      `${DESK} CANCEL sip:b2@${DESK}`,
    ])
  })

  test('challenges are gathered from all branches', () => {
    const proxy = forking()
    proxy.answer(BOB, 401, 'Unauthorized', 'WWW-Authenticate: Digest realm="a"\r\n')
    proxy.answer(DESK, 407, 'Proxy', 'Proxy-Authenticate: Digest realm="b"\r\n')
    const reply = proxy.last(CALLER)
    expect(reply.first).toBe('SIP/2.0 401 Unauthorized')
    expect(reply.header('WWW-Authenticate')).toBe('Digest realm="a"')
    expect(reply.header('Proxy-Authenticate')).toBe('Digest realm="b"')
    expect(reply.header('To')).toMatch(/;tag=[0-9a-f]{32}-[0-9a-f]{8}$/)
  })

  test('no more branches than max_branches are made', () => {
    const proxy = new TestProxy((self, msg) => {
      destinations(msg, ...Array.from({ length: 20 }, (_, i) => `sip:u@10.1.0.${i + 1}`))
      return relay(self.tm, msg, BY_URI, 0)
    }).start()
    proxy.receive(request('OPTIONS', 'bob'))
    expect(proxy.take()).toHaveLength(12)
  })
})

describe('a failure route', () => {
  const failure = (run: Step): Step => {
    return (proxy, msg) => {
      const block: RouteBlock = proxy.block('failure', 'F', failed => {
        run(proxy, failed)
        return 1
      })
      set.onFailure(proxy.tm, msg, block)
    }
  }

  test('sees the best failure and may answer itself', () => {
    const seen: unknown[] = []
    const proxy = forking(
      failure((self, msg) => {
        const t = self.tm.current(msg)!
        seen.push(t.failureCode, t.currentReply?.reason, checkStatus(self.tm, msg, /48[67]/))
        tReply(self.tm, msg, 404, 'mine')
      }),
    )
    proxy.answer(BOB, 500)
    proxy.answer(DESK, 486, 'Busy')
    expect(seen).toEqual([486, 'Busy', 1])
    expect(finalOf(proxy)).toBe(`${CALLER} 404 mine INVITE`)
  })

  test('tries another destination, whose reply counts alone then', () => {
    const proxy = forking(
      failure((self, msg) => {
        msg.setUri(`sip:c@${CELL}`)
        expect(relay(self.tm, msg, BY_URI, 0)).toBe(1)
      }),
    )
    proxy.answer(BOB, 404)
    proxy.answer(DESK, 404)
    expect(proxy.take().at(-1)).toBe(`${CELL} INVITE sip:c@${CELL}`)
    proxy.answer(CELL, 480, 'Last')
    expect(finalOf(proxy)).toBe(`${CALLER} 480 Last INVITE`)
  })

  test('starts from the request as it was relayed, without what came after', () => {
    const flags: number[] = []
    const proxy = new TestProxy((self, msg) => {
      const block = self.block('failure', 'F', failed => {
        flags.push(failed.flags)
        failed.setUri(`sip:c@${CELL}`)
        return relay(self.tm, failed, BY_URI, 0)
      })
      set.onFailure(self.tm, msg, block)
      destinations(msg, `sip:b1@${BOB}`)
      msg.addEdit(new Edit(msg.headersEnd, 0, 'X-Before: 1\r\n'))
      relay(self.tm, msg, BY_URI, 0)
      msg.addEdit(new Edit(msg.headersEnd, 0, 'X-After: 1\r\n'))
      msg.flags = 99
      return 1
    }).start()
    proxy.receive(request('INVITE', 'bob'))
    proxy.answer(BOB, 486)
    expect(proxy.last(CELL).header('X-Before')).toBe('1')
    expect(proxy.last(CELL).all('X-After')).toEqual([])
    expect(flags).toEqual([0])
    proxy.answer(CELL, 404, 'Last')
    expect(proxy.take().at(-1)).toBe(`${CALLER} 404 Last INVITE`)
  })

  test('that relays without a new destination fails and the failure goes upstream', () => {
    const results: number[] = []
    const proxy = forking(
      failure((self, msg) => {
        results.push(relay(self.tm, msg, BY_URI, 0))
      }),
    )
    proxy.answer(BOB, 404)
    proxy.answer(DESK, 486)
    expect(results).toEqual([-1])
    expect(finalOf(proxy)).toBe(`${CALLER} 404 Reason INVITE`)
  })

  test('knows a timeout', () => {
    const seen: number[] = []
    const proxy = forking(failure((self, msg) => void seen.push(branchTimedOut(self.tm, msg))))
    proxy.pass(30_020)
    expect(seen).toEqual([1])
  })
})

describe('routes for branches and replies', () => {
  test('edits of a branch route stay with their branch', () => {
    const proxy = forking((self, msg) => {
      const block = self.block('branch', 'B', each => {
        each.addEdit(new Edit(each.headersEnd, 0, `X-Branch: ${each.branchIndex}\r\n`))
        return 1
      })
      set.onBranch(self.tm, msg, block)
    })
    expect(proxy.last(BOB).all('X-Branch')).toEqual(['0'])
    expect(proxy.last(DESK).all('X-Branch')).toEqual(['1'])
  })

  test('a branch route drops its branch, and may change where it goes', () => {
    const proxy = forking((self, msg) => {
      const block = self.block('branch', 'B', each => {
        if (each.uri.includes(BOB)) each.scriptState = SCRIPT_DROP
        each.dstUri = `sip:${CELL}`
        return 1
      })
      set.onBranch(self.tm, msg, block)
    })
    expect(proxy.take()).toEqual([`${CELL} INVITE sip:b2@${DESK}`])
  })

  test('a reply route sees the flags of the request and drops provisional replies alone', () => {
    const seen: number[] = []
    const proxy = forking((self, msg) => {
      msg.flags = 5
      const block = self.block('onreply', 'R', reply => {
        seen.push(reply.status, reply.flags, reply.branchIndex)
        reply.scriptState = SCRIPT_DROP
        return 1
      })
      set.onReply(self.tm, msg, block)
    })
    proxy.answer(DESK, 183)
    proxy.answer(DESK, 200, 'OK')
    expect(finalOf(proxy)).toBe(`${CALLER} 200 OK INVITE`)
    expect(proxy.sent.filter(sent => sent.sip.status === 183)).toEqual([])
    expect(seen).toEqual([183, 5, 1, 200, 5, 1])
  })

  test('a branch-failure route tries another way for one branch while others ring', () => {
    const proxy = forking((self, msg) => {
      const block = self.block('event', 'tm:branch-failure:x', failed => {
        if (failed.uri.includes(CELL)) return 1
        failed.setUri(`sip:c@${CELL}`)
        return relay(self.tm, failed, BY_URI, 0)
      })
      expect(block.kind).toBe('event')
      expect(set.onBranchFailure(self.tm, msg, 'x')).toBe(1)
      expect(set.onBranchFailure(self.tm, msg, 'unknown')).toBe(-1)
    })
    proxy.answer(BOB, 430)
    expect(proxy.take().at(-1)).toBe(`${CELL} INVITE sip:c@${CELL}`)
    expect(EVENT_ROUTE).toBeGreaterThan(0)
  })
})
