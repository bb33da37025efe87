// Loaded before everything else of a process (NODE_OPTIONS=--import), it takes koffi away: the way
// of a machine for which there is none.
import { registerHooks } from 'node:module'

registerHooks({
  resolve(specifier, context, next) {
    if (specifier === 'koffi') throw new Error('there is no koffi here')
    return next(specifier, context)
  },
})
