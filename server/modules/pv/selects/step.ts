/** What a select is made of. */
import type { Core } from '../../../core/core.ts'
import type { PvValue } from '../../../core/module/index.ts'
import type { SipMessage } from '../../../sip/message.ts'

/** One name of a path with what stands in brackets behind it. */
export interface Step {
  readonly name: string
  readonly keys: readonly (string | number)[]
}

/** All values are texts, or null. */
export type Select = (core: Core, msg: SipMessage) => PvValue

/** Makes the select that begins with this name; null when the rest of the path leads nowhere. */
export type Root = (step: Step, rest: readonly Step[]) => Select | null

/** A select that ends here: a rest or keys are no part of it. */
export const leaf =
  (select: Select): Root =>
  (step, rest) =>
    rest.length === 0 && step.keys.length === 0 ? select : null

/** A name that may be followed by others; `own` is what it means alone. */
export const branch =
  (own: Select | null, children: Record<string, Root>): Root =>
  (step, rest) => {
    if (step.keys.length > 0) return null
    const next = rest[0]
    if (next === undefined) return own
    return children[next.name]?.(next, rest.slice(1)) ?? null
  }

export const orNull = (text: string | null | undefined): PvValue => text || null
