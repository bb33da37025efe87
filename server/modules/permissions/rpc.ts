/** permissions.*: the tables as an operator sees them. */
import type { permissions as contract } from '../../../rpc/contract/permissions.ts'
import { Fault } from '../../../rpc/faults.ts'
import type { ResultOf } from '../../../rpc/schema.ts'
import type { LoadedTable } from '../../core/db/loaded-table.ts'
import type { Addresses } from './addresses.ts'
import type { Permissions } from './permissions.ts'
import { isAllowed, pairOf } from './routing.ts'

type Result<N extends keyof typeof contract> = ResultOf<(typeof contract)[N]>

const LONGEST = 256

async function reload(
  self: Permissions,
  table: LoadedTable<unknown> | null,
  by: string,
): Promise<string> {
  if (!self.mayReload()) throw new Fault(500, 'ongoing reload')
  if (table === null) throw new Fault(500, 'Reload failed.')
  try {
    await table.load(by)
    return 'Reload OK'
  } catch (error) {
    throw new Fault(500, `Reload failed. ${(error as Error).message}`)
  }
}

export const addressReload = (self: Permissions): Promise<string> =>
  reload(self, self.addresses as LoadedTable<unknown> | null, 'rpc permissions.addressReload')
export const trustedReload = (self: Permissions): Promise<string> =>
  reload(self, self.peers as LoadedTable<unknown> | null, 'rpc permissions.trustedReload')

function addresses(self: Permissions, missing: string): Addresses {
  if (self.addresses === null) throw new Fault(500, missing)
  return self.addresses.current
}

export const addressDump = (self: Permissions): Result<'permissions.addressDump'> =>
  addresses(self, 'No address table')
    .listHosts()
    .map(([table, { group, address: ip, port, tag }]) => ({
      table,
      group,
      item: { ip, port, tag: tag || 'NULL' },
    }))

export const subnetDump = (self: Permissions): Result<'permissions.subnetDump'> =>
  addresses(self, 'No subnet table').subnets.map(({ group, address: ip, mask, port, tag }, id) => ({
    id,
    group,
    item: { ip, mask, port, tag: tag ?? '' },
  }))

export const domainDump = (self: Permissions): Result<'permissions.domainDump'> =>
  addresses(self, 'No domain list table')
    .listNames()
    .flatMap(
      ([table, { group, address, port, tag }]): Result<'permissions.domainDump'> => [
        ['table', table],
        ['group', group],
        ['item', { domain_name: address, port, tag: tag || 'NULL' }],
      ],
    )

export function trustedDump(self: Permissions): Result<'permissions.trustedDump'> {
  if (self.peers === null) throw new Fault(500, 'No trusted table')
  return self.peers.current.list().flatMap(
    ([table, { row, proto }]): Result<'permissions.trustedDump'> => [
      ['table', table],
      [
        'item',
        {
          ip: row.address,
          proto,
          pattern: row.from ?? 'NULL',
          ruri_pattern: row.requestUri ?? 'NULL',
          tag: row.tag || 'NULL',
          priority: row.priority,
        },
      ],
    ],
  )
}

export function testUri(self: Permissions, basename: string, uri: string, contact: string): string {
  if (contact.length > LONGEST) throw new Fault(500, 'Contact is too long')
  if (basename.length > LONGEST) throw new Fault(500, 'Basename is too long')
  const pair = pairOf(self, basename)
  return pair !== null && isAllowed(pair, uri, contact) ? 'Allowed' : 'Denied'
}
