// Facts about accounting in JSON: the keys and values that the queue got.
import type { Call } from './facts.ts'

export interface JsonCall extends Call {
  /** `key value` of each entry of the queue. */
  events: string[]
}

export interface JsonFacts {
  origin: string
  calls: JsonCall[]
}

/** Times differ from run to run. */
export const maskJson = (event: string): string =>
  event
    .replace(/"(time|time_attr|time_exten)": ?\d+\.\d+/g, '"$1": SECONDS.PART')
    .replace(/"time": ?\d{10}(?=[,}])/, '"time": SECONDS')
    .replace(/"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d"/g, '"DATE"')
    .replace(/"time_(\w+)": ?(\d+)(?=[,}])/g, '"time_$1": NUMBER')
