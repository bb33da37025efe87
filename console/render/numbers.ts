/** Numbers as people read them. */

/** `0`, `0.4`, `12`, `1.2k`: no more than four cells. */
export function rate(value: number): string {
  if (value === 0) return '0'
  if (value < 10) return value.toFixed(1)
  return value < 1000 ? String(Math.round(value)) : short(value)
}

/** `999`, `1.2k`, `35M`. */
export function short(value: number): string {
  const units: [number, string][] = [
    [1e9, 'G'],
    [1e6, 'M'],
    [1e3, 'k'],
  ]
  const [size, unit] = units.find(([least]) => Math.abs(value) >= least) ?? [1, '']
  const scaled = value / size
  return unit === '' ? String(value) : `${scaled.toFixed(Math.abs(scaled) < 10 ? 1 : 0)}${unit}`
}

export const megabytes = (bytes: number): string => `${Math.round(bytes / 1_048_576)}M`

/** `42s`, `5m`, `3h12m`, `2d4h`: the two greatest units. */
export function age(seconds: number): string {
  const whole = Math.max(0, Math.floor(seconds))
  const days = Math.floor(whole / 86_400)
  const hours = Math.floor((whole % 86_400) / 3600)
  const minutes = Math.floor((whole % 3600) / 60)
  if (days > 0) return `${days}d${hours}h`
  if (hours > 0) return `${hours}h${String(minutes).padStart(2, '0')}m`
  return minutes > 0 ? `${minutes}m${String(whole % 60).padStart(2, '0')}s` : `${whole}s`
}

const BARS = '▁▂▃▄▅▆▇█'

/** The last values as small bars, the newest at the right; the highest one fills its cell. */
export function sparkline(values: readonly number[], width: number): string {
  const shown = values.slice(-width)
  const most = Math.max(...shown, 0)
  const bars = shown.map(value => {
    if (most === 0 || value <= 0) return BARS[0]
    return BARS[Math.min(BARS.length - 1, Math.ceil((value / most) * BARS.length) - 1)]
  })
  return bars.join('').padStart(width)
}
