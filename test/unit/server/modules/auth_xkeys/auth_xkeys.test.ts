// The keys as operators see them: auth_xkeys_.list works here, and in Kamailio it does not.
import { hash } from 'node:crypto'
import { expect, it, onTestFinished } from 'vitest'
import { Fault } from '../../../../../rpc/faults.ts'
import { Bench } from '../../../../kit/bench.ts'

const now = 1_800_000_000
const clock = { now: () => now * 1000, monotonic: () => 0 }

async function bench(...keys: string[]): Promise<Bench> {
  const params = keys.map(key => `modparam("auth_xkeys", "xkey", "${key}")`)
  const made = await Bench.start(
    `loadmodule "pv.so"\nloadmodule "xlog.so"\nloadmodule "auth_xkeys.so"\n${params.join('\n')}
request_route {
  auth_xkeys_check("X-Key", "abc", "sha256", "$ci"); xlog("L_ALERT", "$rc");
}\n`,
    clock,
  )
  onTestFinished(() => made.host.stop())
  return made
}

const fault = (call: () => unknown): string => {
  try {
    return JSON.stringify(call())
  } catch (error) {
    return error instanceof Fault ? `${error.code} ${error.message}` : String(error)
  }
}

it('lists the keys by group', async () => {
  const node = await bench('id=abc;name=one;value=s1;expires=60', 'id=abc;name=two;value=s2')
  node.rpc('auth_xkeys_.set', 'def', 'three', 's3', 10)
  node.rpc('auth_xkeys_.set', 'abc', 'one', 'other', 5)
  const key = (NAME: string, VALUE: string, expires: number) => ({
    KEY: { NAME, VALUE, EXPIRES: now + expires },
  })
  expect(node.rpc('auth_xkeys_.list')).toEqual([
    { KID: 'abc', KEYS: [key('one', 's1', 5), key('two', 's2', 0)] },
    { KID: 'def', KEYS: [key('three', 's3', 10)] },
  ])
})

it('begins without keys', async () => {
  const node = await bench()
  expect(fault(() => node.rpc('auth_xkeys_.list'))).toBe('500 No keys')
  expect(fault(() => node.rpc('auth_xkeys_.set', 'abc'))).toBe('500 Invalid Parameters')
  expect(fault(() => node.rpc('auth_xkeys_.set', '', 'a', 'b', 1))).toBe('500 Insert failure')
  expect(node.rpc('auth_xkeys_.set', 'abc', 'k', 'v', 0)).toEqual({})
})

it('takes what any key of the group has made', async () => {
  const node = await bench('id=abc;name=one;value=s1', 'id=abc;name=two;value=s2')
  const said = (key: string): string[] =>
    node.logged(
      [
        'OPTIONS sip:a@b SIP/2.0',
        'Via: SIP/2.0/UDP 127.0.0.1:9;branch=z9hG4bK1',
        'From: <sip:a@b>;tag=1',
        'To: <sip:a@b>',
        'Call-ID: call',
        'CSeq: 1 OPTIONS',
        `X-Key: ${hash('sha256', `${key}:call`)}`,
        'Content-Length: 0',
        '',
        '',
      ].join('\r\n'),
    )
  expect(['s1', 's2', 's3'].map(key => said(key)[0])).toEqual([
    '<script>: 1',
    '<script>: 1',
    '<script>: -1',
  ])
})
