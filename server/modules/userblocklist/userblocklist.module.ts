/** The surface of userblocklist: every name that a config or an operator can use. */
import { userblocklist as contract } from '../../../rpc/contract/userblocklist.ts'
import { DEFAULT_DB_URL } from '../../core/db/default-url.ts'
import { globalblocklist, userblocklist } from '../../core/db/tables/userblocklist.ts'
import {
  defineModule,
  fn,
  format,
  intParam,
  optional,
  strParam,
  text,
} from '../../core/module/index.ts'
import { FAILURE_ROUTE, REQUEST_ROUTE } from '../../core/route-bits.ts'
import * as run from './functions.ts'
import { UserBlocklist } from './userblocklist.ts'

const column = (name: string, doc: string) => strParam({ default: name, doc })

export const params = {
  db_url: strParam({
    default: DEFAULT_DB_URL,
    doc: 'The database with the lists.',
  }),
  use_domain: intParam({ default: 0, doc: 'Not 0: the domain of a user counts.' }),
  match_mode: intParam({ default: 10, doc: 'Prefixes are of digits (10) or of ASCII (128).' }),
  userblocklist_table: column('userblocklist', 'Table of the lists of users.'),
  userblocklist_id_col: column('id', 'Its column of the key; it is not read.'),
  userblocklist_username_col: column('username', 'Its column of the user.'),
  userblocklist_domain_col: column('domain', 'Its column of the domain.'),
  userblocklist_prefix_col: column('prefix', 'Its column of the prefix.'),
  userblocklist_allowlist_col: column('allowlist', 'Its column that is 1 for what is let through.'),
  globalblocklist_table: column('globalblocklist', 'Table of the usual list for all.'),
  globalblocklist_id_col: column('id', 'Its column of the key; it is not read.'),
  globalblocklist_prefix_col: column('prefix', 'Column of the prefix in lists for all.'),
  globalblocklist_allowlist_col: column('allowlist', 'Column that is 1 for what is let through.'),
  globalblocklist_description_col: column('description', 'Its column of notes; it is not read.'),
}

const routes = REQUEST_ROUTE | FAILURE_ROUTE
const userArgs = [
  format('user'),
  format('domain'),
  optional(format('number')),
  optional(text('table')),
] as const

/** The usual list is loaded at start, another one when it is first asked for. */
const ofOwnTable = (_param: unknown, given: number): boolean => given > 0

export default defineModule({
  name: 'userblocklist',
  doc: 'Lists of numbers that are refused or let through, for users and for all.',
  needs: {},
  params,
  instance: UserBlocklist,
  functions: {
    check_user_blocklist: fn({
      doc: 'False when the list of the user refuses the number, else true.',
      args: userArgs,
      routes,
      waits: true,
      kemi:
        'check_user_blocklist(str, str) check_user_blocklist_number(str, str, str) ' +
        'check_user_blocklist_table(str, str, str, str)',
      run: run.checkUserBlocklist,
    }),
    check_user_allowlist: fn({
      doc: 'True when the list of the user lets the number through, else false.',
      args: userArgs,
      routes,
      waits: true,
      kemi:
        'check_user_allowlist(str, str) check_user_allowlist_number(str, str, str) ' +
        'check_user_allowlist_table(str, str, str, str)',
      run: run.checkUserAllowlist,
    }),
    check_blocklist: fn({
      doc: 'False when a list for all refuses the user of the request URI, else true.',
      args: [optional(text('table'))],
      routes,
      waits: true,
      waitsWhen: ofOwnTable,
      kemi: 'check_global_blocklist() check_blocklist(str)',
      run: run.checkBlocklist,
    }),
    check_allowlist: fn({
      doc: 'True when a list for all lets the user of the request URI through, else false.',
      args: [optional(text('table'))],
      routes,
      waits: true,
      waitsWhen: ofOwnTable,
      run: run.checkAllowlist,
    }),
  },
  rpc: {
    contract,
    handlers: {
      'userblocklist.reload_blocklist': run.reload,
      'userblocklist.dump_blocklist': run.dump,
      'userblocklist.check_blocklist': run.isBlocked,
      'userblocklist.check_allowlist': run.isAllowed,
      'userblocklist.check_userblocklist': run.isBlockedByUser,
      'userblocklist.check_userallowlist': run.isAllowedByUser,
    },
  },
  tables: [userblocklist, globalblocklist],
  start: self => self.start(),
})
