/** Parameter xkey. */
import { BadValue } from '../../core/module/index.ts'

export interface KeySetting {
  readonly id: string
  readonly name: string
  readonly value: string
  /** Seconds from the start. */
  readonly expires: number
}

/** Reads `id=abc;name=xyz;value=secret;expires=72000`. */
export function readKey(text: string): KeySetting {
  const words = new Map<string, string>()
  for (const word of text.split(';')) {
    const equals = word.indexOf('=')
    if (equals < 0) continue
    const value = word.slice(equals + 1).trim()
    words.set(word.slice(0, equals).trim(), value.replace(/^(["'])(.*)\1$/, '$2'))
  }
  const of = (name: string): string => words.get(name) ?? ''
  const lengths = ['id', 'name', 'value'].map(name => of(name).length)
  if (lengths.includes(0))
    throw new BadValue(
      `auth_xkeys: invalid parameters (${lengths.join('/')})`,
      'id=group;name=key;value=secret;expires=seconds',
    )
  const expires = Number.parseInt(of('expires'), 10) || 0
  return { id: of('id'), name: of('name'), value: of('value'), expires }
}
