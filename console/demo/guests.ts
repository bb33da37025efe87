/**
 * Who may come into the demo by ssh: the keys of the person who started it, and one made for it.
 */
import { chmodSync, existsSync, globSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { makeKeyPair } from '../ssh/key-pair.ts'

export interface Guests {
  /** The state folder of the ssh server: host key and authorized_keys. */
  readonly folder: string
  /** The private key that was made for the demo. */
  readonly key: string
  /** The person has keys that ssh uses by itself. */
  readonly hasOwn: boolean
}

/** The folder stays from demo to demo, so that the server is known the second time. */
export function inviteGuests(env: NodeJS.ProcessEnv): Guests {
  const home = env.HOME || homedir()
  const state = env.XDG_STATE_HOME || join(home, '.local', 'state')
  const folder = join(state, 'ohana', 'demo')
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  const key = join(folder, 'demo_key')
  if (!existsSync(key)) {
    const pair = makeKeyPair('demo')
    writeFileSync(key, pair.private, { mode: 0o600, flag: 'wx' })
    writeFileSync(`${key}.pub`, `${pair.public}\n`, { mode: 0o644 })
  }
  const own = globSync(join(home, '.ssh', 'id_*.pub')).map(path =>
    readFileSync(path, 'utf8').trim(),
  )
  const keys = [readFileSync(`${key}.pub`, 'utf8').trim(), ...own]
  const path = join(folder, 'authorized_keys')
  writeFileSync(path, `${keys.join('\n')}\n`)
  chmodSync(path, 0o600)
  return { folder, key, hasOwn: own.length > 0 }
}
