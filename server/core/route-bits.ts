/** Kinds of route, as bits: where a function may be called, and SipMessage.routeType. */
export const REQUEST_ROUTE = 1
export const FAILURE_ROUTE = 2
export const TM_ONREPLY_ROUTE = 4
export const BRANCH_ROUTE = 8
export const ONSEND_ROUTE = 16
export const LOCAL_ROUTE = 64
export const CORE_ONREPLY_ROUTE = 128
export const BRANCH_FAILURE_ROUTE = 256
export const EVENT_ROUTE = 512
export const ONREPLY_ROUTE = TM_ONREPLY_ROUTE | CORE_ONREPLY_ROUTE
export const ANY_ROUTE = 1023
