/** The file of `config_file`: connections between brackets, their options below. */
import { BadValue } from '../../core/module/index.ts'
import { type Definition, OPTIONS, URL_SYNTAX } from './settings.ts'

/** A value: up to the end of the line, or what stands between quotes. */
function valueOf(text: string): string {
  const quoted = /^"((?:[^"\\]|\\.)*)"\s*(?:[#;].*)?$/.exec(text)
  if (quoted !== null) return quoted[1]!.replace(/\\(.)/g, '$1')
  return text.replace(/\s+[#;].*$/, '').trim()
}

/** Throws BadValue, with the line. */
export function readConnections(text: string, file: string): Definition[] {
  const found: { name: string; url: string; options: Map<string, string> }[] = []
  for (const [i, raw] of text.split('\n').entries()) {
    const line = raw.trim()
    const bad = (why: string): never => {
      throw new BadValue(`${file}:${i + 1}: ${why}`)
    }
    if (line === '' || line.startsWith('#') || line.startsWith(';')) continue
    if (line.startsWith('[')) {
      const name = line.slice(1, line.indexOf(']')).trim()
      if (!line.includes(']')) bad("Syntax error, ']' expected")
      if (name === '') bad('Invalid or missing connection name')
      found.push({ name, url: '', options: new Map() })
      continue
    }
    const current = found.at(-1) ?? bad('Invalid or missing connection name')
    const [, key = '', value = ''] = /^(\w+)\s*=\s*(.*)$/.exec(line) ?? bad('Syntax error')
    if (key !== 'url' && !OPTIONS.has(key)) bad(`Unsupported option '${key}'`)
    if (key === 'url') current.url = valueOf(value)
    else current.options.set(key, valueOf(value))
  }
  for (const { url } of found)
    if (!URL_SYNTAX.test(url)) throw new BadValue(`Invalid schema://url definition [${url}]`)
  return found
}
