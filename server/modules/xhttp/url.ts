/** `{url.path}` and `{url.querystring}`. */
import type { PvValue } from '../../core/module/index.ts'

export function path(value: PvValue): PvValue {
  const [before = ''] = String(value ?? '').split('?')
  return before
}

export function queryString(value: PvValue): PvValue {
  const text = String(value ?? '')
  const mark = text.indexOf('?')
  return mark < 0 ? '' : text.slice(mark + 1)
}
