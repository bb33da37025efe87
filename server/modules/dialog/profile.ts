/** One profile: who is counted in it, under which value. */
import type { Dialog, ProfileLink } from './dialog-record.ts'

/** One count: a dialog of ours, or something that another node told of. */
export class ProfileItem implements ProfileLink {
  readonly profile: Profile
  readonly value: string
  /** null: it is another node's. */
  readonly dialog: Dialog | null
  /** Unique among all nodes. */
  readonly uid: string
  /** Seconds since 1970; 0 or less: never. */
  readonly expires: number

  constructor(
    profile: Profile,
    value: string,
    dialog: Dialog | null,
    uid: string,
    expires: number,
  ) {
    this.profile = profile
    this.value = profile.hasValue ? value : ''
    this.dialog = dialog
    this.uid = uid
    this.expires = expires
  }
}

/** The names in a parameter: `a;b;c`. */
export const profileNames = (list: string): string[] =>
  list
    .split(';')
    .map(part => part.trim())
    .filter(part => part !== '')

export class Profile {
  readonly name: string
  readonly hasValue: boolean
  size = 0
  /** By value; '' of a profile without values. */
  private readonly byValue = new Map<string, Set<ProfileItem>>()
  /** Those of other nodes: few, and most nodes have none. */
  private readonly remotes = new Set<ProfileItem>()

  constructor(name: string, hasValue: boolean) {
    this.name = name
    this.hasValue = hasValue
  }

  add(item: ProfileItem): void {
    const same = this.byValue.get(item.value)
    if (same === undefined) this.byValue.set(item.value, new Set([item]))
    else same.add(item)
    if (item.dialog === null) this.remotes.add(item)
    this.size++
  }

  /** Taking one out twice counts once. */
  remove(item: ProfileItem): void {
    const same = this.byValue.get(item.value)
    if (same === undefined || !same.delete(item)) return
    // Values are forgotten with the last dialog that has them.
    if (same.size === 0) this.byValue.delete(item.value)
    this.remotes.delete(item)
    this.size--
  }

  /** How many there are under a value; of all values when it is undefined. */
  count(value: string | undefined): number {
    if (value === undefined || !this.hasValue) return this.size
    return this.byValue.get(value)?.size ?? 0
  }

  /** Those under a value, or all of them; the oldest of a value first. */
  *items(value: string | undefined): Generator<ProfileItem> {
    const wanted = this.hasValue ? value : ''
    if (wanted !== undefined) yield* this.byValue.get(wanted) ?? []
    else for (const same of this.byValue.values()) yield* same
  }

  remote(value: string, uid: string): ProfileItem | null {
    for (const item of this.remotes)
      if (item.uid === uid && (!this.hasValue || item.value === value)) return item
    return null
  }

  expire(now: number): void {
    for (const item of this.remotes) if (item.expires > 0 && item.expires < now) this.remove(item)
  }
}
