import { index, nullable, serial, table, uint, varchar } from '../table.ts'

export const dialog = table(
  'dialog',
  7,
  'Dialogs that are under way.',
  {
    id: serial(),
    hash_entry: uint(),
    hash_id: uint(),
    callid: varchar(255),
    from_uri: varchar(255),
    from_tag: varchar(128),
    to_uri: varchar(255),
    to_tag: varchar(128),
    caller_cseq: varchar(20),
    callee_cseq: varchar(20),
    caller_route_set: nullable(varchar(512)),
    callee_route_set: nullable(varchar(512)),
    caller_contact: varchar(255),
    callee_contact: varchar(255),
    caller_sock: varchar(64),
    callee_sock: varchar(64),
    state: uint(),
    start_time: uint(),
    timeout: uint(0),
    sflags: uint(0),
    iflags: uint(0),
    toroute_name: nullable(varchar(32)),
    req_uri: varchar(255),
    xdata: nullable(varchar(512)),
  },
  [index('hash_idx', 'hash_entry', 'hash_id')],
)

export const dialogVars = table(
  'dialog_vars',
  1,
  'Variables of the dialogs that are under way.',
  {
    id: serial(),
    hash_entry: uint(),
    hash_id: uint(),
    dialog_key: varchar(128),
    dialog_value: varchar(512),
  },
  [index('hash_idx', 'hash_entry', 'hash_id')],
)
