/** Values of db_mode. */

/** Contacts are in memory alone. */
export const MEMORY_ONLY = 0
/** A change is written before it counts. */
export const WRITE_THROUGH = 1
/** Changes are written by a timer. */
export const WRITE_BACK = 2
/** Nothing is in memory. */
export const DB_ONLY = 3
/** The database is read at the start and never written. */
export const READ_AT_START = 4
