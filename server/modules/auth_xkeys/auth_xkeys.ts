/** The instance of auth_xkeys: keys in groups, in the order in which they came. */
import type { authXkeys as contract } from '../../../rpc/contract/auth_xkeys.ts'
import { Fault } from '../../../rpc/faults.ts'
import type { ResultOf } from '../../../rpc/schema.ts'
import type { Core } from '../../core/core.ts'
import type { ModuleEnv } from '../../core/module/index.ts'
import type { params } from './auth_xkeys.module.ts'
import type { KeySetting } from './keys.ts'

interface Key {
  readonly name: string
  readonly value: string
  /** Seconds since 1970. */
  expires: number
}

export class AuthXkeys {
  readonly core: Core
  private readonly groups = new Map<string, Key[]>()

  constructor({ core, config }: ModuleEnv<typeof params, {}>) {
    this.core = core
    for (const key of config.xkey) this.set(key)
  }

  /** A key that is there gets a new time and keeps its value. */
  set({ id, name, value, expires }: KeySetting): void {
    const until = Math.floor(this.core.clock.now() / 1000) + expires
    const group = this.groups.get(id)
    const known = group?.find(key => key.name === name)
    if (known !== undefined) known.expires = until
    else if (group === undefined) this.groups.set(id, [{ name, value, expires: until }])
    else group.push({ name, value, expires: until })
  }

  /** The keys of a group, '' included when there are none. */
  keysOf(id: string): readonly Key[] {
    return this.groups.get(id) ?? []
  }

  get all(): ReadonlyMap<string, readonly Key[]> {
    return this.groups
  }

  fail(text: string): -1 {
    this.core.log.error('auth_xkeys', text)
    return -1
  }
}

/** auth_xkeys_.list */
export function listKeys(self: AuthXkeys): ResultOf<(typeof contract)['auth_xkeys_.list']> {
  if (self.all.size === 0) throw new Fault(500, 'No keys')
  return [...self.all].map(([KID, keys]) => ({
    KID,
    KEYS: keys.map(({ name, value, expires }) => ({
      KEY: { NAME: name, VALUE: value, EXPIRES: expires },
    })),
  }))
}

/** auth_xkeys_.set */
export function setKey(
  self: AuthXkeys,
  id: string,
  name: string,
  value: string,
  expires: number,
): ResultOf<(typeof contract)['auth_xkeys_.set']> {
  if (id === '' || name === '') throw new Fault(500, 'Insert failure')
  self.set({ id, name, value, expires })
  return {}
}
