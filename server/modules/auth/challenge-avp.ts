/** Parameter challenge_attr: the AVP that gets a challenge. */
import { type AvpName, parseAvpName } from '../../core/avp.ts'
import { BadValue } from '../../core/module/index.ts'

/** Reads `$digest_challenge`, `digest_challenge` or `$avp(digest_challenge)`. */
export function readChallengeAvp(text: string): AvpName {
  const inner = /^\$avp\((.*)\)$/.exec(text)?.[1] ?? text.replace(/^\$/, '')
  const name = /^[\w:]+$/.test(inner) ? parseAvpName(inner) : null
  if (name === null)
    throw new BadValue(
      'auth: Invalid value of challenge_attr module parameter',
      'the name of an AVP, as $digest_challenge',
    )
  return name
}
