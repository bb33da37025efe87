/** Who is it? Public keys only; everything else is refused, and not for ever. */
import type { AuthContext, Connection, PublicKeyAuthContext } from 'ssh2'
import { type AuthorizedKey, fingerprint, readAuthorizedKeys } from './authorized-keys.ts'

export interface LoginOptions {
  readonly authorizedKeys: string
  /** Refused keys before the connection is closed. */
  readonly maxTries: number
  readonly log: (text: string) => void
}

/** Calls `onWelcome` with a name for the log when a key was proven. */
export function guard(
  connection: Connection,
  from: string,
  options: LoginOptions,
  onWelcome: (who: string) => void,
): void {
  let refused = 0
  let welcome: AuthorizedKey | null = null
  connection.on('authentication', context => {
    const found = context.method === 'publickey' ? proven(context, options) : null
    if (found !== null) {
      welcome = found
      return context.accept()
    }
    // Clients ask with "none" first to learn what is possible; that is no try.
    if (context.method !== 'none' && ++refused >= options.maxTries) {
      options.log(`${from}: too many tries`)
      connection.end()
      return
    }
    context.reject(['publickey'])
  })
  connection.on('ready', () => {
    // ssh2 is ready only after an accepted key.
    const { key, name } = welcome!
    const who = `${name} (${fingerprint(key)}) from ${from}`
    options.log(`${who}: welcome`)
    onWelcome(who)
  })
}

/** The key on file that this context offers, or proves where it has signed. */
function proven(
  context: AuthContext & PublicKeyAuthContext,
  { authorizedKeys, log }: LoginOptions,
): AuthorizedKey | null {
  const { keys, complaints } = readAuthorizedKeys(authorizedKeys)
  for (const complaint of complaints) log(complaint)
  const found = keys.find(({ key }) => context.key.data.equals(key.getPublicSSH()))
  if (found === undefined) return null
  // Without a signature the client only asks whether this key would do.
  if (context.signature === undefined) return found
  const { blob, signature, hashAlgo } = context
  return blob !== undefined && found.key.verify(blob, signature, hashAlgo) === true ? found : null
}
