import { int, serial, table, uint, varchar } from '../table.ts'

export const drGateways = table(
  'dr_gateways',
  3,
  'Gateways of dynamic routing.',
  {
    gwid: serial(),
    type: uint(0, 11),
    address: varchar(128),
    strip: uint(0, 11),
    pri_prefix: varchar(64, null),
    attrs: varchar(255, null),
    description: varchar(128, ''),
  },
  [],
)

export const drRules = table(
  'dr_rules',
  3,
  'Which prefix goes to which gateways, at which times, for which group.',
  {
    ruleid: serial(),
    groupid: varchar(255),
    prefix: varchar(64),
    timerec: varchar(255),
    priority: int(0),
    routeid: varchar(64),
    gwlist: varchar(255),
    description: varchar(128, ''),
  },
  [],
)

export const drGwLists = table(
  'dr_gw_lists',
  1,
  'Lists of gateways that rules share.',
  {
    id: serial(),
    gwlist: varchar(255),
    description: varchar(128, ''),
  },
  [],
)

export const drGroups = table(
  'dr_groups',
  2,
  'The routing group of a user.',
  {
    id: serial(),
    username: varchar(64),
    domain: varchar(128, ''),
    groupid: uint(0, 11),
    description: varchar(128, ''),
  },
  [],
)
