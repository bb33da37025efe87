// ---- parameter db_mode: when the rows of dialogs are written
export const MEMORY_ONLY = 0
/** As soon as something changes. */
export const AT_ONCE = 1
/** Every db_update_period seconds. */
export const FROM_TIME_TO_TIME = 2
/** When the node stops. */
export const AT_THE_END = 3
