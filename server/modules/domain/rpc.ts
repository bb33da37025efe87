/** domain.*: the domains as an operator sees them. */
import type { domain as contract } from '../../../rpc/contract/domain.ts'
import { Fault } from '../../../rpc/faults.ts'
import type { ResultOf } from '../../../rpc/schema.ts'
import type { Domain } from './domain.ts'

type Dumped = ResultOf<(typeof contract)['domain.dump']>

export async function reload({ table }: Domain): Promise<void> {
  try {
    await table.load('rpc domain.reload')
  } catch (error) {
    throw new Fault(400, `Reload of domain tables failed: ${(error as Error).message}`)
  }
}

export function dump({ table }: Domain): Dumped {
  const domains = table.current
  return {
    domains: domains.listNames().map(({ name, did }) => ({ domain: name, did })),
    attributes: domains.listAttributes().map(([did, attributes]) => ({
      did,
      attrs: attributes.map(({ name }) => name),
    })),
  }
}
