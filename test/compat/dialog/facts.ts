// What is told to the real Kamailio; what came of it lies beside this file.
import { CALLS } from './calls.ts'
import { JSON_RECORDS, RECORDS } from '../cdr/records.ts'
import { SESSION } from '../sst/session.ts'
import { RESTORE } from '../uac-dialog/restored.ts'
import { CONTROL } from './control.ts'
import { EXPIRY } from './expiry.ts'
import { FUNCTIONS } from './functions.ts'
import { ODD } from './odd.ts'
import type { Params } from '../registrar/kamailio.ts'

export interface Call {
  name: string
  steps: string[]
}

/** Some calls with one configuration. */
export interface Setup {
  /** Where what was told lies, beside this folder; this one when it is not said. */
  folder?: string
  name: string
  modules?: string[]
  params: Params
  /** The server begins calls itself, which are told of as well. */
  foreign?: boolean
  routes: string
  calls: Call[]
}

/** What came of a step: lines of the script, and what people heard; or the reply of a command. */
export interface Outcome {
  step: string
  log?: string[]
  heard?: string[]
  reply?: unknown
}

export type Told = Record<string, Outcome[]>

export const MODULES = [
  'kex',
  'corex',
  'tm',
  'tmx',
  'sl',
  'rr',
  'pv',
  'xlog',
  'textops',
  'siputils',
  'maxfwd',
  'statistics',
  'jsonrpcs',
  'dialog',
]

/** For modparam: those of a setup come on top. */
export const paramsOf = ({ params }: Setup): Params => ({
  ...params,
  rr: { append_fromtag: 1, ...params.rr },
  dialog: { ...params.dialog },
})

export const SETUPS: Setup[] = [
  ...CALLS,
  ...ODD,
  ...CONTROL,
  ...EXPIRY,
  ...FUNCTIONS,
  ...SESSION,
  ...RESTORE,
  ...RECORDS,
  ...JSON_RECORDS,
]
