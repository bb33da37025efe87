/** The functions about profiles, as a config calls them. */
import {
  type ConfigFunction,
  fn,
  format,
  int,
  optional,
  writablePvar,
} from '../../core/module/index.ts'
import {
  ANY_ROUTE,
  BRANCH_ROUTE,
  FAILURE_ROUTE,
  ONREPLY_ROUTE,
  REQUEST_ROUTE,
} from '../../core/route-bits.ts'
import type { Dialogs } from './dialog.ts'

/** What belongs to profiles, which are not there yet. */
const absent = (self: Dialogs): number => {
  self.error('profiles are not supported yet')
  return -1
}

const routes = ANY_ROUTE

export const profileFunctions: Record<string, ConfigFunction<Dialogs>> = {
  set_dlg_profile: fn({
    doc: 'Counts the dialog of this message in a profile.',
    args: [format('profile'), optional(format('value'))],
    routes,
    run: absent,
  }),
  unset_dlg_profile: fn({
    doc: 'Takes the dialog of this message out of a profile.',
    args: [format('profile'), optional(format('value'))],
    routes: REQUEST_ROUTE | FAILURE_ROUTE | BRANCH_ROUTE | ONREPLY_ROUTE,
    run: absent,
  }),
  is_in_profile: fn({
    doc: 'Is the dialog of this message in a profile?',
    args: [format('profile'), optional(format('value'))],
    routes,
    run: absent,
  }),
  get_profile_size: fn({
    doc: 'Puts the number of dialogs in a profile into a variable.',
    args: [format('profile'), format('value or result'), optional(writablePvar('result'))],
    routes,
    run: absent,
  }),
  dlg_set_timeout_by_profile: fn({
    doc: 'Changes the lifetime of all dialogs in a profile.',
    args: [format('profile'), format('value or timeout'), optional(format('timeout'))],
    routes,
    run: absent,
  }),
  dlg_remote_profile: fn({
    doc: 'Adds or removes an item of a profile that comes from another node.',
    args: [format('command'), format('profile'), format('value'), format('uid'), int('expires')],
    routes,
    run: absent,
  }),
}
