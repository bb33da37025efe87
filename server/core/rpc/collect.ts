/** Garbage collection on demand: what is left afterwards is what is held. */
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'

let collector: (() => void) | null = null

/** Collects all garbage at once; the loop stands still for as long as that takes. */
export function collectGarbage(): void {
  if (collector === null) {
    // The runtime shows its collector only to contexts that are made while the flag is set.
    setFlagsFromString('--expose-gc')
    collector = runInNewContext('gc') as () => void
    setFlagsFromString('--no-expose-gc')
  }
  collector()
}
