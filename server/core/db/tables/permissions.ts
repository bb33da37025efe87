import { index, int, nullable, serial, table, uint, usmallint, varchar } from '../table.ts'

export const trusted = table(
  'trusted',
  6,
  'Peers that may call without a password, by address and pattern.',
  {
    id: serial(),
    src_ip: varchar(50),
    proto: varchar(4),
    from_pattern: varchar(64, null),
    ruri_pattern: varchar(64, null),
    tag: nullable(varchar(64)),
    priority: int(0),
  },
  [index('peer_idx', 'src_ip')],
)

export const address = table(
  'address',
  6,
  'Groups of addresses and networks.',
  {
    id: serial(),
    grp: uint(1, 11),
    ip_addr: varchar(50),
    mask: int(32),
    port: usmallint(0),
    tag: nullable(varchar(64)),
  },
  [],
)
