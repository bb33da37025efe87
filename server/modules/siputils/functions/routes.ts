/** The routes in which functions of siputils may be called. */
import {
  BRANCH_FAILURE_ROUTE,
  BRANCH_ROUTE,
  EVENT_ROUTE,
  FAILURE_ROUTE,
  LOCAL_ROUTE,
  REQUEST_ROUTE,
} from '../../../core/route-bits.ts'

export const ARRIVING = REQUEST_ROUTE | EVENT_ROUTE | LOCAL_ROUTE | BRANCH_FAILURE_ROUTE
export const REQUESTS = ARRIVING | FAILURE_ROUTE | BRANCH_ROUTE
