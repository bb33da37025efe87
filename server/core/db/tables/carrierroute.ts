import { float, serial, table, uint, varchar } from '../table.ts'

export const carrierroute = table(
  'carrierroute',
  3,
  'Prefixes of a carrier and domain with the host that they go to.',
  {
    id: serial(),
    carrier: uint(0),
    domain: uint(0),
    scan_prefix: varchar(64, ''),
    flags: uint(0, 11),
    mask: uint(0, 11),
    prob: float('', 0),
    strip: uint(0, 11),
    rewrite_host: varchar(255, ''),
    rewrite_prefix: varchar(64, ''),
    rewrite_suffix: varchar(64, ''),
    description: varchar(255, null),
  },
  [],
)

export const carrierfailureroute = table(
  'carrierfailureroute',
  2,
  'Which domain to try after which reply of a host.',
  {
    id: serial(),
    carrier: uint(0),
    domain: uint(0),
    scan_prefix: varchar(64, ''),
    host_name: varchar(255, ''),
    reply_code: varchar(3, ''),
    flags: uint(0, 11),
    mask: uint(0, 11),
    next_domain: uint(0),
    description: varchar(255, null),
  },
  [],
)

export const carrierName = table(
  'carrier_name',
  1,
  'Names of the carriers.',
  {
    id: serial(),
    carrier: varchar(64, null),
  },
  [],
)

export const domainName = table(
  'domain_name',
  1,
  'Names of the routing domains of carriers.',
  {
    id: serial(),
    domain: varchar(64, null),
  },
  [],
)
