/** When the compiler of the runtime thinks that a function is worth its best form. */
import { setFlagsFromString } from 'node:v8'

/** V8's own 3,000 is for pages that are looked at for some seconds. */
const HOT_AFTER_CALLS = 200

/** What starts the node runs once and is not worth it: called when a node serves. */
export function compileEarly(): void {
  setFlagsFromString(`--invocation-count-for-turbofan=${HOT_AFTER_CALLS}`)
}
