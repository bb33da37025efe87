// All cases by topic; the facts of a topic stand in `<topic>.json`.
import type { Case } from '../case.ts'
import { cfg } from './cfg.ts'
import { events } from './events.ts'
import { functions } from './functions.ts'
import { logging } from './logging.ts'
import { measures } from './measures.ts'
import { onsend } from './onsend.ts'
import { params } from './params.ts'

export const topics: Readonly<Record<string, readonly Case[]>> = {
  functions,
  cfg,
  params,
  logging,
  onsend,
  events,
  measures,
}
