/** The parameters: `name=t;interval=10;mode=1` and `timer=t;route=CHECK`. */
import { BadValue } from '../../core/module/index.ts'

export interface TimerSpec {
  readonly name: string
  /** Milliseconds; 0 when none is written. */
  readonly interval: number
  /** Runs per interval: each has its number in $rtimer_worker. */
  readonly workers: number
}

export interface ExecSpec {
  readonly timer: string
  readonly route: string
}

const LEAST_MS = 1

function attributes(value: string | number, known: readonly string[]): Map<string, string> {
  const found = new Map<string, string>()
  for (const part of String(value).split(';')) {
    if (part.trim() === '') continue
    const [name = '', ...rest] = part.split('=').map(word => word.trim())
    if (!known.includes(name)) throw new BadValue(`${name} is not known here`, known.join(', '))
    found.set(name, rest.join('='))
  }
  return found
}

/** `10` is seconds, `100000u` microseconds. */
function readInterval(text: string): number {
  const parts = /^(\d+)(u?)$/i.exec(text)
  if (parts === null || Number(parts[1]) === 0)
    throw new BadValue(`${text} is no interval`, 'seconds, or microseconds with a u')
  const amount = Number(parts[1])
  return parts[2] === '' ? amount * 1000 : Math.max(LEAST_MS, Math.round(amount / 1000))
}

export function readTimer(value: string | number): TimerSpec {
  const found = attributes(value, ['name', 'interval', 'mode'])
  const name = found.get('name') ?? ''
  if (name === '') throw new BadValue(`${value} names no timer`, 'as "name=t;interval=10"')
  const mode = found.get('mode') ?? '0'
  if (!/^\d+$/.test(mode)) throw new BadValue(`mode=${mode} is no number`)
  const interval = found.get('interval')
  return {
    name,
    interval: interval === undefined ? 0 : readInterval(interval),
    workers: Math.max(1, Number(mode)),
  }
}

export function readExec(value: string | number): ExecSpec {
  const found = attributes(value, ['timer', 'route'])
  const [timer = '', route = ''] = [found.get('timer'), found.get('route')]
  if (timer === '' || route === '')
    throw new BadValue(`${value} runs nothing`, 'as "timer=t;route=CHECK"')
  return { timer, route }
}
