import {
  index,
  nullable,
  serial,
  table,
  uint,
  unique,
  usmallint,
  utinyint,
  varchar,
} from '../table.ts'

export const lcrGw = table(
  'lcr_gw',
  3,
  'Gateways of least cost routing.',
  {
    id: serial(),
    lcr_id: usmallint(),
    gw_name: nullable(varchar(128)),
    ip_addr: nullable(varchar(50)),
    hostname: nullable(varchar(64)),
    port: nullable(usmallint()),
    params: nullable(varchar(64)),
    uri_scheme: nullable(utinyint()),
    transport: nullable(utinyint()),
    strip: nullable(utinyint()),
    prefix: varchar(16, null),
    tag: varchar(64, null),
    flags: uint(0),
    defunct: uint(null),
  },
  [index('lcr_id_idx', 'lcr_id')],
)

export const lcrRuleTarget = table(
  'lcr_rule_target',
  1,
  'Which gateways a rule of least cost routing leads to.',
  {
    id: serial(),
    lcr_id: usmallint(),
    rule_id: uint(),
    gw_id: uint(),
    priority: utinyint(),
    weight: uint(1),
  },
  [unique('rule_id_gw_id_idx', 'rule_id', 'gw_id'), index('lcr_id_idx', 'lcr_id')],
)

export const lcrRule = table(
  'lcr_rule',
  3,
  'Rules of least cost routing: prefix, caller and callee.',
  {
    id: serial(),
    lcr_id: usmallint(),
    prefix: varchar(16, null),
    from_uri: varchar(64, null),
    request_uri: varchar(64, null),
    mt_tvalue: varchar(128, null),
    stopper: uint(0),
    enabled: uint(1),
  },
  [unique('lcr_id_prefix_from_uri_idx', 'lcr_id', 'prefix', 'from_uri')],
)
