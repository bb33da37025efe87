/**
 * The words in which transformations are written: what they take, how a failure ends, how long a
 * result may get.
 */
import type { PvValue, Transformation } from '../../../core/module/index.ts'

/** A result that is longer counts as failed. */
const LONGEST = 65_536

const bounded = (value: PvValue): PvValue =>
  typeof value === 'string' && value.length > LONGEST ? null : value

/** One that works on a text; nothing stays nothing, a number becomes its digits. */
export const onText = (
  doc: string,
  args: number | readonly [least: number, most: number],
  run: (text: string, ...args: string[]) => PvValue,
): Transformation => {
  const [minArgs, maxArgs] = typeof args === 'number' ? [args, args] : args
  return {
    doc,
    minArgs,
    maxArgs,
    run: (value, ...rest) =>
      value === null
        ? null
        : bounded(run(typeof value === 'string' ? value : String(value), ...rest)),
  }
}

/** A whole number as an argument; 0 when it is none. */
export function whole(arg: string | undefined): number {
  const number = Number(arg ?? '')
  return Number.isInteger(number) ? number : 0
}

/** One character as an argument; the comma may stand for itself. */
export const character = (arg: string | undefined): string => (arg ?? '').charAt(0)
