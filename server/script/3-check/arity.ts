/** Numbers of arguments in words. */

/** `1 argument`, `1 or 2 arguments`, `2 to 4 arguments`. */
export function arityText(least: number, most: number): string {
  if (most === 0) return 'no argument'
  if (least === most) return least === 1 ? '1 argument' : `${least} arguments`
  return most === least + 1 ? `${least} or ${most} arguments` : `${least} to ${most} arguments`
}

/** The numbers that a function takes: `1 argument`, `0 or 2 arguments`. */
export function aritiesText(arities: readonly number[]): string {
  const [only] = arities
  return arities.length === 1 ? arityText(only!, only!) : `${arities.join(' or ')} arguments`
}
