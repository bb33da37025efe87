// What came of a step, without what changes from run to run.
import type { Outcome } from './facts.ts'
import { masked, type People, PEOPLE, whoseIs } from './people.ts'

export function outcome(
  people: People,
  step: string,
  log: string[],
  came: { port: number; text: string }[],
  reply?: unknown,
): Outcome {
  const told: Outcome = { step }
  if (log.length > 0) told.log = log.map(masked)
  // Whose phone hears first is chance.
  const heard = PEOPLE.flatMap(who =>
    came
      .filter(({ port, text }) => whoseIs(port) === who && people.hear(who, text))
      .map(({ text }) => `${who} hears ${masked(text)}`),
  ).filter(text => !text.includes(' hears SIP/2.0 100 '))
  if (heard.length > 0) told.heard = heard
  if (reply !== undefined) told.reply = reply
  return told
}

/** `dlg.end_dlg 1 2 "X-A: b"`: numbers are numbers. */
export const parseCommand = (text: string): [string, ...(string | number)[]] =>
  [...text.matchAll(/"([^"]*)"|(\S+)/g)].map(
    ([, quoted, word = '']) => quoted ?? (/^-?\d+$/.test(word) ? Number(word) : word),
  ) as [string, ...(string | number)[]]

/** Of the day, or of the insides of a server. */
const OWN = new Set(['h_id', 'ref', 'duration'])

export function maskReply(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(maskReply)
  if (typeof value === 'number' && value > 1.7e9) return 'a time'
  if (typeof value === 'string') return masked(value)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value).map(([name, one]) => [name, OWN.has(name) ? 'OURS' : maskReply(one)]),
  )
}
