/** How a contact in memory and its row in the database agree. */

/** There is no row yet. */
export const NEW = 0
/** The row says the same. */
export const SYNC = 1
/** The row says what the contact was before. */
export const DIRTY = 2
/** The row is being written. */
export const WRITING = 3
/** Nobody knows whether there is a row: the statement was not answered. */
export const UNSURE = 4

/** As Kamailio prints them. */
export const stateName = (state: number): string => {
  if (state === SYNC) return 'CS_SYNC'
  return state === NEW ? 'CS_NEW' : 'CS_DIRTY'
}
