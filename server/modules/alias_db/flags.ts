/** Flags of a lookup: letters. */
import { BadValue } from '../../core/module/index.ts'

export interface AliasFlags {
  /** null: as the parameter use_domain says. */
  readonly useDomain: boolean | null
  /** The alias of an address is wanted, not the address of an alias. */
  readonly reverse: boolean
}

export function readFlags(text: string): AliasFlags {
  let useDomain: boolean | null = null
  let reverse = false
  for (const letter of text.trim()) {
    if (letter === 'd') useDomain = false
    else if (letter === 'u') useDomain = true
    else if (letter === 'r') reverse = true
    else
      throw new BadValue(
        `unsupported flag '${letter}'`,
        'd: without the domain, u: with the domain, r: reverse',
      )
  }
  return { useDomain, reverse }
}
