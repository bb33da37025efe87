/**
 * Our own mistakes are assertions: logged with the message that met them, never answered for by a
 * peer.
 */
export class AssertionError extends Error {
  override name = 'AssertionError'
}

/**
 * Stops here when `condition` does not hold. Pass cheap integers and booleans only: it runs on the
 * message path.
 */
export function assert(condition: boolean, what: string): asserts condition {
  if (!condition) throw new AssertionError(what)
}
