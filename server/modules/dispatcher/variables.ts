/** $dsv(...): why a destination changed its state. */
import { BadValue, keyed } from '../../core/module/index.ts'
import type { Dispatcher } from './dispatcher.ts'

type Key = 'code' | 'reason' | 'flags'

function readKey(text: string): Key {
  if (text === 'code' || text === 'reason' || text === 'flags') return text
  throw new BadValue(`unknown PV key: ${text}`)
}

export const dsv = keyed<Dispatcher, Key>({
  doc: 'In the event routes: code, reason and flags of the reply; flags is 1 when there was one.',
  parse: readKey,
  get: (self, msg, key) => {
    const cause = self.causes.get(msg)
    if (cause === undefined) return null
    if (key === 'code') return cause.code
    if (key === 'reason') return cause.reason
    return cause.reason === null ? 0 : 1
  },
})
