/** The words in which a row of `functions` says how KEMI scripts see it. */
import type { KemiReturn } from '../module/index.ts'

export interface Signature {
  /** `name` or `module.name`. */
  readonly name: string
  /** null: as the function's arguments. */
  readonly params: readonly ('str' | 'int')[] | null
  readonly returns: KemiReturn | null
}

const SIGNATURE = /([\w.]+)(\([^)]*\))?(?::\s*(\w+))?/g
const RETURNS: readonly string[] = ['none', 'int', 'bool', 'xval'] satisfies KemiReturn[]

/** `lookup(str) lookup_uri(str, str)`, `is_proto(str): bool`, or a name alone. */
export function readSignatures(text: string): Signature[] {
  return [...text.matchAll(SIGNATURE)].map(([, name, list, result]) => ({
    name: name!,
    params: list === undefined ? null : paramsOf(list),
    returns: RETURNS.includes(result ?? '') ? (result as KemiReturn) : null,
  }))
}

const paramsOf = (list: string): ('str' | 'int')[] =>
  [...list.matchAll(/\w+/g)].map(([word]) => (word === 'int' ? 'int' : 'str'))
