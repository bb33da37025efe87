/** `prom_counter`, `prom_gauge` and `prom_histogram`: what metrics there are. */
import { BadValue } from '../../core/module/index.ts'
import { numberOf } from './number.ts'

export type Kind = 'counter' | 'gauge' | 'histogram'

export interface Declaration {
  readonly kind: Kind
  readonly name: string
  readonly labels: readonly string[]
  /** Upper bounds, rising, without the infinite one. */
  readonly bounds: readonly number[]
}

const USUAL = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10]

const FIELDS: Readonly<Record<Kind, readonly string[]>> = {
  counter: ['name', 'label'],
  gauge: ['name', 'label'],
  histogram: ['name', 'label', 'buckets'],
}

function boundsOf(text: string): number[] {
  const bounds = text.split(':').map(numberOf)
  if (bounds.includes(null)) throw new BadValue(`Error creating buckets: ${text}`)
  const numbers = bounds as number[]
  if (numbers.some((number, i) => i > 0 && number < numbers[i - 1]!))
    throw new BadValue('Buckets must increase')
  return numbers
}

/** `name=x; label=a:b; buckets=1:2`; throws BadValue. */
export const reader =
  (kind: Kind) =>
  (given: string | number): Declaration => {
    let name = ''
    let labels: string[] = []
    let bounds: number[] = []
    for (const part of String(given).split(';')) {
      if (part.trim() === '') continue
      const [, field = '', value = ''] = /^\s*(\w+)\s*=\s*(\S*)\s*$/.exec(part) ?? []
      if (value === '') throw new BadValue('failed parsing params value', 'name=x; label=a:b')
      if (!FIELDS[kind].includes(field)) throw new BadValue(`Unknown field: ${field} (${value})`)
      if (field === 'name') name = value
      else if (field === 'buckets') bounds = bounds.length === 0 ? boundsOf(value) : bounds
      else if (labels.length > 0) throw new BadValue('Label already created')
      else labels = value.split(':')
    }
    if (name === '') throw new BadValue(`No ${kind} name`)
    if (labels.includes('')) throw new BadValue(`Error creating label: ${labels.join(':')}`)
    return { kind, name, labels, bounds: bounds.length === 0 ? USUAL : bounds }
  }
