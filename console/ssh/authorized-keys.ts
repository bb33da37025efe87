/**
 * Who may come in: public keys, one a line, as OpenSSH writes them. Read anew at each login, so
 * that a change needs no restart.
 */
import { createHash } from 'node:crypto'
import { readFileSync, statSync } from 'node:fs'
import ssh2, { type ParsedKey } from 'ssh2'

export interface AuthorizedKey {
  readonly key: ParsedKey
  /** The comment behind the key: who it is. */
  readonly name: string
}

export interface AuthorizedKeys {
  readonly keys: readonly AuthorizedKey[]
  /** Lines that were left out, and why. */
  readonly complaints: readonly string[]
}

const KEY_TYPES = /^(ssh-(ed25519|rsa)|ecdsa-sha2-nistp(256|384|521))$/
/** What OpenSSH lets such a line forbid is never allowed here anyway. */
const HARMLESS =
  /^(restrict|no-pty|no-port-forwarding|no-agent-forwarding|no-X11-forwarding|no-user-rc)$/

export function readAuthorizedKeys(path: string): AuthorizedKeys {
  let text: string
  try {
    const { mode } = statSync(path)
    if ((mode & 0o022) !== 0)
      return { keys: [], complaints: [`${path} can be written by others; nobody may come in`] }
    text = readFileSync(path, 'utf8')
  } catch (error) {
    return { keys: [], complaints: [(error as Error).message] }
  }
  return parseAuthorizedKeys(text, path)
}

export function parseAuthorizedKeys(text: string, path: string): AuthorizedKeys {
  const keys: AuthorizedKey[] = []
  const complaints: string[] = []
  for (const [index, line] of text.split('\n').entries()) {
    const trimmed = line.trim()
    if (trimmed === '' || trimmed.startsWith('#')) continue
    const found = readLine(trimmed)
    if (typeof found === 'string') complaints.push(`${path}:${index + 1}: ${found}`)
    else keys.push(found)
  }
  return { keys, complaints }
}

/** The key of a line, or why there is none. */
function readLine(line: string): AuthorizedKey | string {
  const words = line.split(/\s+/)
  const at = words.findIndex(word => KEY_TYPES.test(word))
  if (at < 0) return 'no public key of a kind that is known here'
  const options = words.slice(0, at).join(' ')
  // What cannot be obeyed must not be passed over: `from=` or `command=` narrow what a key may do.
  const unknown = options.split(',').filter(option => option !== '' && !HARMLESS.test(option))
  if (unknown.length > 0) return `option ${unknown[0]} is not known here; the line is left out`
  const key = ssh2.utils.parseKey(words.slice(at, at + 2).join(' '))
  if (key instanceof Error) return key.message
  if (key.isPrivateKey()) return 'a private key does not belong here'
  return { key, name: words.slice(at + 2).join(' ') || 'unnamed' }
}

/** `SHA256:...`, as `ssh-keygen -l` prints it. */
export function fingerprint(key: ParsedKey): string {
  const digest = createHash('sha256').update(key.getPublicSSH()).digest('base64')
  return `SHA256:${digest.replace(/=+$/, '')}`
}
