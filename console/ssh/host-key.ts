/** The key by which people know this server: made once, kept for nobody else to read. */
import {
  chmodSync,
  existsSync,
  linkSync,
  mkdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import ssh2 from 'ssh2'
import { makeKeyPair } from './key-pair.ts'

const NAME = 'ssh_host_ed25519_key'

/** `$XDG_STATE_HOME/ohana`, made when it is not there. */
export function stateDirectory(given: string | undefined, env: NodeJS.ProcessEnv): string {
  const base = env.XDG_STATE_HOME || join(env.HOME || homedir(), '.local', 'state')
  const folder = given ?? join(base, 'ohana')
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  return folder
}

/** The private key as text. Throws when others could read it, or nobody. */
export function hostKey(folder: string): string {
  const path = join(folder, NAME)
  if (!existsSync(path)) {
    const { private: text, public: shown } = makeKeyPair()
    // Beside it first: of two servers that begin at once one makes the key, and neither reads half
    // of it.
    const made = `${path}.${process.pid}`
    writeFileSync(made, text, { mode: 0o600 })
    chmodSync(made, 0o600)
    try {
      linkSync(made, path)
      writeFileSync(`${path}.pub`, `${shown}\n`, { mode: 0o644 })
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
    } finally {
      rmSync(made)
    }
  }
  if ((statSync(path).mode & 0o077) !== 0)
    throw new Error(`${path} can be read by others; give it mode 0600`)
  const key = readFileSync(path, 'utf8')
  const read = ssh2.utils.parseKey(key)
  if (read instanceof Error)
    throw new Error(`${path}: ${read.message}; delete it, and a new one is made`)
  return key
}
