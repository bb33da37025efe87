/** Key pairs for the ssh server and its guests. */
import ssh2 from 'ssh2'

export interface KeyPair {
  /** OpenSSH's format. */
  readonly private: string
  /** A line of authorized_keys. */
  readonly public: string
}

/**
 * An Ed25519 pair that ssh2 can read again. It cannot always: its generator cuts zero bytes off the
 * front of the public key, which one pair of 256 has, and such a file is refused by everybody.
 */
export function makeKeyPair(
  comment = '',
  generate: typeof ssh2.utils.generateKeyPairSync = ssh2.utils.generateKeyPairSync,
): KeyPair {
  for (;;) {
    const pair = generate('ed25519', { comment })
    if ([pair.private, pair.public].every(isReadable)) return pair
  }
}

const isReadable = (key: string): boolean => !(ssh2.utils.parseKey(key) instanceof Error)
