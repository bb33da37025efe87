/** The functions about profiles, as a config calls them. */
import {
  type Arg,
  BadValue,
  type ConfigFunction,
  fn,
  format,
  int,
  optional,
  orLast,
  type PvHandle,
  text,
  type Verdict,
  writablePvar,
} from '../../core/module/index.ts'
import { ANY_ROUTE, REQUEST_ROUTE } from '../../core/route-bits.ts'
import type { SipMessage } from '../../sip/message.ts'
import type { Dialogs } from './dialog.ts'
import { type Profile, profileNames } from './profile.ts'
import { setLifetime } from './timer.ts'

const routes = ANY_ROUTE

/** Kamailio does not start with a profile that is not there. */
const definedProfile: Arg<string> = {
  ...text('profile'),
  check: (name, _given, param) => {
    const lists = ['profiles_with_value', 'profiles_no_value']
    const known = lists.flatMap(list => profileNames(String(param('dialog', list) ?? '')))
    if (known.includes(name)) return
    const hint =
      known.length === 0 ? `modparam("dialog", "${lists[0]}", "${name}")` : known.join(', ')
    throw new BadValue(`profile <${name}> not defined`, hint)
  },
}

/** null after a line in the log. */
function profileOf(self: Dialogs, name: string): Profile | null {
  const profile = self.profiles.find(name)
  if (profile === null) self.error(`profile <${name}> not defined`)
  return profile
}

/** A profile with values needs one; null after a line in the log. */
function valueOf(self: Dialogs, profile: Profile, value: string | undefined): string | null {
  if (!profile.hasValue) return ''
  if (value !== undefined && value !== '') return value
  self.error('invalid value parameter')
  return null
}

function set(self: Dialogs, msg: SipMessage, name: string, given?: string): Verdict {
  const profile = profileOf(self, name)
  if (profile === null) return -1
  const value = valueOf(self, profile, given)
  if (value === null) return -1
  const dialog = self.dialogOf(msg)
  if (dialog !== null) self.profiles.set(dialog, profile, value)
  else if (msg.routeType === REQUEST_ROUTE) self.profiles.choose(msg, profile, value)
  else {
    self.error(`dialog not found in a non REQUEST route (${msg.routeType})`)
    return -1
  }
  return 1
}

function unset(self: Dialogs, msg: SipMessage, name: string, given?: string): Verdict {
  const profile = profileOf(self, name)
  if (profile === null) return -1
  const value = valueOf(self, profile, given)
  if (value === null) return -1
  const dialog = self.dialogOf(msg)
  if (dialog === null || msg.routeType === REQUEST_ROUTE) {
    self.error(
      msg.routeType === REQUEST_ROUTE
        ? 'dialog delete profile cannot be used in request route'
        : 'dialog is NULL for delete profile',
    )
    return -1
  }
  if (self.profiles.unset(dialog, profile, value)) return 1
  self.error(`failed to unset profile${profile.hasValue ? ' with key' : ''}`)
  return -1
}

function isIn(self: Dialogs, msg: SipMessage, name: string, given?: string): Verdict {
  const profile = profileOf(self, name)
  if (profile === null) return -1
  const value = valueOf(self, profile, given)
  const dialog = self.dialogOf(msg)
  if (value === null || dialog === null) return -1
  return self.profiles.isIn(dialog, profile, value) ? 1 : -1
}

/** The result is the last argument: the second one of two. */
function size(
  self: Dialogs,
  msg: SipMessage,
  name: string,
  second: string | PvHandle,
  third?: PvHandle,
): Verdict {
  const profile = profileOf(self, name)
  if (profile === null) return -1
  const value = valueOf(self, profile, typeof second === 'string' ? second : undefined)
  if (value === null) return -1
  const result = typeof second === 'string' ? third! : second
  result.set!(msg, profile.count(value))
  return 1
}

/** The new lifetime is the last argument: the second one of two. */
function setTimeout(
  self: Dialogs,
  _msg: SipMessage,
  name: string,
  second: string | number,
  third?: number,
): Verdict {
  const profile = profileOf(self, name)
  if (profile === null) return -1
  const value = typeof second === 'string' ? second : undefined
  const seconds = typeof second === 'string' ? third! : second
  if (profile.hasValue && value === '') return -1
  for (const { dialog } of [...profile.items(value)])
    if (dialog !== null) setLifetime(self, dialog, seconds)
  return 1
}

function remote(
  self: Dialogs,
  _msg: SipMessage,
  command: string,
  name: string,
  value: string,
  uid: string,
  expires: number,
): Verdict {
  if (command === '' || name === '' || uid === '') {
    self.error('invalid parameters')
    return -1
  }
  const profile = self.profiles.find(name)
  if (profile === null) {
    self.error(`profile [${name}] not found`)
    return -1
  }
  if (profile.hasValue && value === '') {
    self.error(`profile [${name}] requires a value`)
    return -1
  }
  if (command === 'add') self.profiles.addRemote(profile, value, uid, expires)
  else if (command === 'rm') self.profiles.removeRemote(profile, value, uid)
  else {
    self.error(`unknown command [${command}]`)
    return -1
  }
  return 1
}

const named = [definedProfile, optional(format('value'))] as const
/** As scripts in real languages see them: the one without a value has a name of its own. */
const twoNames = (name: string): string => `${name}_static(str) ${name}(str, str)`

export const profileFunctions: Record<string, ConfigFunction<Dialogs>> = {
  set_dlg_profile: fn({
    doc: 'Counts the dialog of this message in a profile.',
    args: named,
    routes,
    kemi: twoNames('set_dlg_profile'),
    run: set,
  }),
  unset_dlg_profile: fn({
    doc: 'Takes the dialog of this message out of a profile.',
    args: named,
    routes,
    kemi: twoNames('unset_dlg_profile'),
    run: unset,
  }),
  is_in_profile: fn({
    doc: 'Is the dialog of this message in a profile?',
    args: named,
    routes,
    kemi: twoNames('is_in_profile'),
    run: isIn,
  }),
  get_profile_size: fn({
    doc: 'Puts the number of dialogs in a profile into a variable.',
    args: [
      definedProfile,
      orLast(format('value'), writablePvar('result')),
      optional(writablePvar('result')),
    ],
    routes,
    kemi: 'get_profile_size_static(str, str) get_profile_size(str, str, str)',
    run: size,
  }),
  dlg_set_timeout_by_profile: fn({
    doc: 'Changes the lifetime of all dialogs in a profile.',
    args: [definedProfile, orLast(format('value'), int('timeout')), optional(int('timeout'))],
    routes,
    run: setTimeout,
  }),
  dlg_remote_profile: fn({
    doc: 'Adds or removes an item of a profile that comes from another node.',
    args: [format('command'), format('profile'), format('value'), format('uid'), int('expires')],
    routes,
    run: remote,
  }),
}
