/**
 * Records for the cache of names that a config gives: `type=A;name=example.org;addr=10.0.0.1;...`.
 */
import { BadValue } from '../../core/module/index.ts'
import { AF_INET, AF_INET6, canonical, familyOf } from '../../lib/ip.ts'
import { A, AAAA, nameKey, type RecordData, SRV } from '../../net/dns/records.ts'

export interface GivenRecord {
  readonly name: string
  readonly type: number
  readonly ttl: number
  readonly flags: number
  readonly data: RecordData
}

const NUMBERS = ['ttl', 'flags', 'priority', 'weight', 'port']
const WORDS = new Set(['type', 'name', 'addr', ...NUMBERS])

/** Reads one record; throws BadValue. */
export function readRecord(text: string | number): GivenRecord {
  const words = new Map<string, string>()
  for (const part of String(text).split(';')) {
    const [word = '', ...value] = part.split('=')
    if (part.trim() === '') continue
    const name = word.trim().toLowerCase()
    if (!WORDS.has(name)) throw new BadValue(`unknown attribute ${name}`, [...WORDS].join(', '))
    words.set(name, value.join('=').trim())
  }
  for (const name of NUMBERS) {
    const value = words.get(name)
    if (value !== undefined && !/^\d+$/.test(value)) throw new BadValue(`invalid ${name}: ${value}`)
  }
  const number = (name: string): number => Number(words.get(name) ?? 0)
  const name = words.get('name') ?? ''
  const address = words.get('addr') ?? ''
  if (name === '' || address === '') throw new BadValue('a record needs type, name and addr')
  const common = { name, ttl: number('ttl'), flags: number('flags') }
  switch (words.get('type')?.toUpperCase()) {
    case 'A':
      return { ...common, type: A, data: addressData(address, AF_INET) }
    case 'AAAA':
      return { ...common, type: AAAA, data: addressData(address, AF_INET6) }
    case 'SRV': {
      const [priority, weight, port] = [number('priority'), number('weight'), number('port')]
      const data = { kind: 'srv', priority, weight, port, name: nameKey(address) } as const
      return { ...common, type: SRV, data }
    }
    default:
      throw new BadValue(`a record of type ${words.get('type')}`, 'type is A, AAAA or SRV')
  }
}

function addressData(address: string, family: number): RecordData {
  if (familyOf(address) !== family) throw new BadValue(`invalid addr: ${address}`)
  return { kind: 'address', ip: canonical(address) }
}
