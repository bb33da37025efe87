import { describe, expect, test } from 'vitest'
import {
  FEEDBACK,
  LoadControl,
  NETWORK,
  Pipe,
  RED,
  TAILDROP,
} from '../../../../../server/modules/pipelimit/api.ts'
import { waitingBytes } from '../../../../../server/modules/pipelimit/waiting-bytes.ts'
import { Bench } from '../../../../kit/bench.ts'

const count = (pipe: Pipe, packets: number, control = new LoadControl()): number => {
  let passed = 0
  for (let i = 0; i < packets; i++) if (pipe.passes(control, pipe.limit)) passed++
  return passed
}

describe('a pipe', () => {
  test('lets its limit pass in each interval (TAILDROP)', () => {
    const pipe = new Pipe(TAILDROP, 3)
    expect(count(pipe, 10)).toBe(3)
    pipe.next(10, 0)
    expect([pipe.counter, pipe.lastCounter]).toEqual([0, 10])
    expect(count(pipe, 2)).toBe(2)
  })

  test('thins by what there was before (RED)', () => {
    const pipe = new Pipe(RED, 2)
    expect(count(pipe, 100)).toBe(100)
    pipe.next(10, 0)
    // 100 packets where 20 are wanted: every fifth passes.
    expect(count(pipe, 100)).toBe(20)
    pipe.next(10, 0)
    pipe.next(10, 0)
    expect(count(pipe, 5)).toBe(5)
  })

  test('drops as many as the load is too high (FEEDBACK)', () => {
    const pipe = new Pipe(FEEDBACK, 50)
    const control = new LoadControl()
    control.setpoint = 0.5
    control.setLoad(0.9)
    expect(control.dropRate).toBe(10)
    expect(count(pipe, 100, control)).toBe(90)
    control.setLoad(0.9)
    expect(control.dropRate).toBe(20)
    for (let i = 0; i < 10; i++) control.setLoad(0.1)
    expect(count(pipe, 100, control)).toBe(100)
  })

  test('stops while too many bytes wait (NETWORK)', () => {
    const pipe = new Pipe(NETWORK, 1000)
    expect(count(pipe, 5)).toBe(5)
    pipe.next(10, 1001)
    expect(count(pipe, 5)).toBe(0)
    pipe.next(10, 1000)
    expect(count(pipe, 5)).toBe(5)
  })
})

test('bytes that wait are those of our ports', () => {
  const line = (port: string, bytes: string): string =>
    `  12: 0100007F:${port} 00000000:0000 07 00000000:${bytes} 00:00000000 00000000     0`
  const file = ['  sl  local_address', line('13C4', '00000100'), line('13C5', '0000FFFF')].join(
    '\n',
  )
  const read = (path: string): string => {
    if (path.endsWith('6')) throw new Error('no IPv6')
    return file
  }
  expect(waitingBytes(new Set([5060]), read)).toBe(256)
  expect(waitingBytes(new Set([5062]), read)).toBe(0)
})

const request = (method: string): string =>
  [
    `${method} sip:bob@example.org SIP/2.0`,
    `Via: SIP/2.0/UDP 127.0.0.1:25075;branch=z9hG4bK${method}`,
    'From: <sip:alice@example.org>;tag=a',
    'To: <sip:bob@example.org>',
    `Call-ID: ${method}`,
    `CSeq: 1 ${method}`,
    'Content-Length: 0',
    '',
    '',
  ].join('\r\n')

test('what must not pass is answered with when to come again', async () => {
  const modules = ['tm', 'sl', 'pv', 'textops', 'pipelimit']
  const bench = await Bench.start(
    `${modules.map(name => `loadmodule "${name}.so"`).join('\n')}
    modparam("pipelimit", "db_url", "")
    request_route {
      if (is_method("INVITE")) pl_drop();
      else if (is_method("INFO")) pl_drop("7");
      else pl_drop("7", "9");
    }`,
  )
  const retry = (method: string): string[] => {
    bench.sent.length = 0
    bench.receive(request(method))
    const lines = bench.sent[0]!.text.split('\r\n')
    return [lines[0]!, ...lines.filter(line => line.startsWith('Retry-After'))]
  }
  const status = 'SIP/2.0 503 Server Unavailable'
  expect(retry('INVITE')).toEqual([status])
  expect(retry('INFO')).toEqual([status, 'Retry-After: 7'])
  const several = Array.from({ length: 20 }, () => retry('MESSAGE')[1]!.slice(-1))
  expect([...new Set(several)].toSorted()).toEqual(['7', '8', '9'])
})

test('a pipe that nobody uses is forgotten', async () => {
  let now = Date.UTC(2026, 0, 1)
  const began = now
  const clock = { now: () => now, monotonic: () => now - began }
  const bench = await Bench.start(
    `loadmodule "tm.so"\nloadmodule "sl.so"\nloadmodule "pipelimit.so"
    modparam("pipelimit", "db_url", "")
    modparam("pipelimit", "clean_unused", 2)
    request_route { pl_check("p", "taildrop", "5"); drop; }`,
    clock,
  )
  bench.receive(request('INVITE'))
  const pass = (seconds: number): void => {
    for (const end = now + seconds * 1000; now < end; now += 50) bench.core.timers.run()
  }
  pass(25)
  expect(bench.rpc('pl.list')).toMatchObject([{ name: 'p', unused_intervals: 1 }])
  pass(30)
  expect(bench.rpc('pl.list')).toEqual([])
})
