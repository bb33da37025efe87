/** Profiles: sets in which dialogs are counted, as long as they last. */
import { BadValue } from '../../core/module/index.ts'
import type { SipMessage } from '../../sip/message.ts'
import type { Dialogs } from './dialog.ts'
import { type Dialog, FLAG_CHANGED_PROFILES } from './dialog-record.ts'
import { Profile, ProfileItem, profileNames } from './profile.ts'

/** What a script chose before there was a dialog. */
interface Choice {
  readonly profile: Profile
  readonly value: string
}

export class Profiles {
  private readonly self: Dialogs
  private readonly byName = new Map<string, Profile>()
  /** Of messages that have no dialog yet; it goes with the message when there never is one. */
  private readonly pending = new WeakMap<SipMessage, Choice[]>()
  private readonly uidStart: string
  private uids = 0

  constructor(self: Dialogs) {
    this.self = self
    const { config, core } = self
    const { server_id: id } = core.params
    const server = id === 0 ? '' : `${id.toString(16)}-`
    const started = Math.floor(core.startedAt / 1000).toString(16)
    this.uidStart = `dlgp-${server}${started}-${process.pid.toString(16)}-`
    this.define(config.profiles_with_value, true)
    this.define(config.profiles_no_value, false)
  }

  private define(names: string, hasValue: boolean): void {
    for (const name of profileNames(names)) {
      const wrong = /[^0-9A-Za-z_]/.exec(name)
      if (wrong !== null)
        throw new BadValue(
          `dialog: bad profile name <${name}>, char ${wrong[0]}`,
          "use only alphanumerical characters or '_'",
        )
      if (this.byName.has(name))
        throw new BadValue(`dialog: duplicate dialog profile registered <${name}>`)
      this.byName.set(name, new Profile(name, hasValue))
    }
  }

  get defined(): number {
    return this.byName.size
  }

  find(name: string): Profile | null {
    return this.byName.get(name) ?? null
  }

  // ---- dialogs

  /** Counts a dialog; `uid` is '' unless the item came with one. */
  add(dialog: Dialog, profile: Profile, value: string, uid = ''): void {
    const item = new ProfileItem(profile, value, dialog, uid || this.nextUid(), 0)
    profile.add(item)
    // Kamailio shows and finds the newest first.
    dialog.profiles.unshift(item)
  }

  /** What a script asks for: the dialog's row changes with it. */
  set(dialog: Dialog, profile: Profile, value: string): void {
    this.add(dialog, profile, value)
    this.changed(dialog)
  }

  /** Takes the newest one of these out; false when there is none. */
  unset(dialog: Dialog, profile: Profile, value: string): boolean {
    const index = dialog.profiles.findIndex(item => matches(item, profile, value))
    if (index < 0) return false
    const [item] = dialog.profiles.splice(index, 1)
    profile.remove(item as ProfileItem)
    this.changed(dialog)
    return true
  }

  isIn(dialog: Dialog, profile: Profile, value: string): boolean {
    return dialog.profiles.some(item => matches(item, profile, value))
  }

  private changed(dialog: Dialog): void {
    dialog.dflags |= FLAG_CHANGED_PROFILES
    this.self.store?.changed(dialog)
  }

  private nextUid(): string {
    return this.uidStart + (++this.uids).toString(16)
  }

  /** Before there is a dialog: it gets them when the message begins one. */
  choose(msg: SipMessage, profile: Profile, value: string): void {
    const choices = this.pending.get(msg)
    if (choices === undefined) this.pending.set(msg, [{ profile, value }])
    else choices.push({ profile, value })
  }

  // ---- what happens to dialogs

  /** A request began it: what the script chose before it existed becomes its own. */
  adopt(dialog: Dialog, request: SipMessage): void {
    if (this.byName.size === 0) return
    const choices = this.pending.get(request)
    if (choices === undefined) return
    this.pending.delete(request)
    // In Kamailio the last one of the script is the oldest one of the dialog.
    for (const { profile, value } of choices.reverse()) this.add(dialog, profile, value)
    dialog.dflags |= FLAG_CHANGED_PROFILES
  }

  /** It has ended: it is counted in no profile any more. */
  release(dialog: Dialog): void {
    if (dialog.profiles.length === 0) return
    for (const item of dialog.profiles as ProfileItem[]) item.profile.remove(item)
    dialog.profiles = []
  }

  // ---- items of other nodes (dlg_remote_profile)

  /** `expires`: seconds since 1970, 0 or less never. */
  addRemote(profile: Profile, value: string, uid: string, expires: number): void {
    profile.add(new ProfileItem(profile, value, null, uid, expires))
  }

  removeRemote(profile: Profile, value: string, uid: string): void {
    const item = profile.remote(value, uid)
    if (item !== null) profile.remove(item)
  }

  /** Drops items of other nodes whose time is over. */
  expireRemote(): void {
    const now = this.self.core.clock.now() / 1000
    for (const profile of this.byName.values()) profile.expire(now)
  }
}

const matches = (
  item: { readonly profile: object; readonly value: string },
  profile: Profile,
  value: string,
): boolean => item.profile === profile && (!profile.hasValue || item.value === value)
