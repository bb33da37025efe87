/** Arguments that several functions of textops take, and the routes in which they may be called. */
import { literal, parsed } from '../../../core/module/index.ts'
import {
  BRANCH_FAILURE_ROUTE,
  BRANCH_ROUTE,
  EVENT_ROUTE,
  FAILURE_ROUTE,
  LOCAL_ROUTE,
  ONREPLY_ROUTE,
  REQUEST_ROUTE,
} from '../../../core/route-bits.ts'
import { parseSubstitution } from '../../../core/substitution.ts'
import { headerName } from '../../../sip/header-match.ts'
import * as search from '../search.ts'

/** Routes that run for a request that goes on. */
export const REQUESTS =
  REQUEST_ROUTE | FAILURE_ROUTE | BRANCH_ROUTE | EVENT_ROUTE | LOCAL_ROUTE | BRANCH_FAILURE_ROUTE
export const MESSAGES = REQUESTS | ONREPLY_ROUTE

export const expression = literal('re', search.parseRegex)
export const everyExpression = literal('re', search.parseEveryRegex)
export const wholeExpression = literal('re', search.parseWholeRegex)
export const substitution = literal('expression', parseSubstitution)
export const which = literal('flags', search.parseWhich)
export const extent = parsed('mode', search.parseExtent)
export const header = literal('hf_name', headerName)
export const dynamicHeader = parsed('hf_name', headerName)
