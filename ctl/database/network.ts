/** Addresses and the networks that they are in. */
import { BlockList, isIP } from 'node:net'

/** Is the address in `network/bits`? */
export function contains(network: string, bits: number, address: string): boolean {
  const family = isIP(network)
  if (family === 0 || family !== isIP(address)) return false
  const list = new BlockList()
  const type = family === 4 ? 'ipv4' : 'ipv6'
  list.addSubnet(network, Math.min(bits, family === 4 ? 32 : 128), type)
  return list.check(address, type)
}
