/**
 * `dns.*` and `dst_blocklist.*`: there is no cache of records and no blocklist that an operator
 * could look into, which Kamailio says in these words when its own are switched off.
 */
import { dns } from '../../../rpc/contract/dns.ts'
import { dstBlocklist } from '../../../rpc/contract/dst_blocklist.ts'
import { Fault } from '../../../rpc/faults.ts'
import type { Methods } from '../../../rpc/schema.ts'
import type { Handlers } from '../module.ts'
import type { CommandEnvironment } from './environment.ts'

function refuseAll<M extends Methods>(contract: M, text: string): Handlers<CommandEnvironment, M> {
  const refuse = (): never => {
    throw new Fault(500, text)
  }
  const handlers: unknown = Object.fromEntries(Object.keys(contract).map(name => [name, refuse]))
  return handlers as Handlers<CommandEnvironment, M>
}

export const dnsHandlers = refuseAll(dns, 'dns cache support disabled (see use_dns_cache)')
export const blocklistHandlers = refuseAll(dstBlocklist, 'dst blocklist support disabled')
