import { expect, test } from 'vitest'
import { IpTree, RED, NEW_RED, readAddress } from '../../../../../server/modules/pike/tree.ts'
import pike from '../../../../../server/modules/pike/pike.module.ts'
import type { Pike } from '../../../../../server/modules/pike/pike.ts'
import { testModules } from '../modules-for-test.ts'

/** Packets of an address until it is refused. */
function untilRed(tree: IpTree, address: string): number {
  for (let packets = 1; packets < 1000; packets++)
    if (tree.mark(address) === NEW_RED) return packets
  return 0
}

test('an address that stops is let in again after two intervals', () => {
  const tree = new IpTree(8, 120)
  const unblocked: string[] = []
  const swap = (): void => tree.swap(address => unblocked.push(address))
  untilRed(tree, '192.0.2.1')
  expect(tree.mark('192.0.2.1')).toBe(RED)
  swap()
  expect(unblocked).toEqual([])
  swap()
  expect(unblocked).toEqual(['192.0.2.1'])
  expect(tree.mark('192.0.2.1')).toBe(0)
})

test('others of its network are let in meanwhile', () => {
  const tree = new IpTree(16, 120)
  untilRed(tree, '192.0.2.1')
  expect(tree.mark('192.0.2.2')).toBe(0)
  expect(untilRed(tree, '192.0.2.2')).toBeGreaterThan(8)
})

test('IPv6 addresses are counted apart', () => {
  const tree = new IpTree(8, 120)
  expect(untilRed(tree, '2001:db8::1')).toBeGreaterThan(8)
  const [, address] = [...tree.all()].find(([node]) => node.isRed)!
  expect(address).toBe('2001:db8:0:0:0:0:0:1')
  // 32 is also the first byte of 2001:.
  expect(tree.mark('32.1.13.184')).toBe(0)
})

test('what does not send any more is forgotten, byte by byte', () => {
  const tree = new IpTree(8, 3)
  untilRed(tree, '192.0.2.1')
  expect([...tree.all()]).toHaveLength(4)
  for (let second = 0; second < 3; second++) tree.clean()
  expect([...tree.all()]).toHaveLength(3)
  for (let second = 0; second < 12; second++) tree.clean()
  expect([...tree.all()]).toEqual([])
})

test('a text that is no address is none', () => {
  const bytes = new Uint8Array(16)
  for (const text of ['', '1', '1.2.3', '1.2.3.4.5', '256.1.1.1', 'x', '1.2.3.x'])
    expect(readAddress(text, bytes)).toBe(0)
  expect(readAddress('1.2.3.4', bytes)).toBe(4)
  expect([...bytes.subarray(0, 4)]).toEqual([1, 2, 3, 4])
})

test('who is blocked is logged and counted once', () => {
  const { core, host } = testModules([pike], [['pike', 'reqs_density_per_unit', 4]])
  const instance = host.instance('pike') as Pike
  const lines: string[] = []
  core.log.addSink(({ text }) => lines.push(text))
  const verdicts = Array.from({ length: 10 }, () => instance.check('192.0.2.1'))
  expect(verdicts.filter(verdict => verdict === -2)).toHaveLength(1)
  expect(lines).toEqual(['PIKE - BLOCKing ip 192.0.2.1'])
  expect(core.counters.find('pike', 'blocked_ips')?.value).toBe(1)
  instance.swap()
  instance.swap()
  expect(lines.at(-1)).toBe('PIKE - UNBLOCKing node 192.0.2.1')
})
