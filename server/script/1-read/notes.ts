/**
 * What the preprocessor did at a stretch of a file: without it nobody could tell why a line reads
 * as it does. Diagnostics and `--explain` look here.
 */
import type { Define } from './defines.ts'
import type { Place } from './source.ts'

/** An #!ifdef, #!ifndef or #!ifexp. */
export interface Condition {
  readonly at: Place
  /** `#!ifdef WITH_TLS` */
  readonly word: string
  /** Does what follows it count? Its #!else counts when this does not. */
  readonly holds: boolean
}

interface Stretch {
  readonly start: number
  readonly end: number
}

export type ReadNote = Stretch &
  (
    | { readonly kind: 'use'; readonly define: Define }
    /** #!subst changed the text of a string or variable. */
    | { readonly kind: 'substituted'; readonly text: string }
    | { readonly kind: 'condition'; readonly condition: Condition }
    | { readonly kind: 'else' | 'endif'; readonly condition: Condition }
    /** Text that does not count, because of this condition. */
    | { readonly kind: 'skipped'; readonly condition: Condition }
    /** A #!define or one of its kin gave the name this value, or took it away (null). */
    | { readonly kind: 'define'; readonly name: string; readonly value: string | null }
    /** #!trydef found the name defined already. */
    | { readonly kind: 'kept'; readonly name: string; readonly value: string }
    | { readonly kind: 'substitution'; readonly pattern: string; readonly replacement: string }
    /** `path` is null when there is no such file. */
    | { readonly kind: 'include'; readonly name: string; readonly path: string | null }
  )
