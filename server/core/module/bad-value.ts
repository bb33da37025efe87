/** How a module refuses what an operator wrote. */

/**
 * Thrown by a `parse` of an argument or parameter: becomes a diagnostic at its place in the config.
 */
export class BadValue extends Error {
  readonly hint: string
  constructor(text: string, hint = '') {
    super(text)
    this.hint = hint
  }
}
