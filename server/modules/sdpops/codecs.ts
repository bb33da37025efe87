/** Codecs by number and by name. */
import type { Description } from './description.ts'

/** RFC 3551 section 6: numbers that need no rtpmap. */
const STATIC: Record<string, string[]> = {
  pcmu: ['0'],
  gsm: ['3'],
  g723: ['4'],
  dvi4: ['5', '6', '16', '17'],
  lpc: ['7'],
  pcma: ['8'],
  g722: ['9'],
  l16: ['10', '11'],
  qcelp: ['12'],
  cn: ['13'],
  mpa: ['14'],
  g728: ['15'],
  g729: ['18'],
  celb: ['25'],
  jpeg: ['26'],
  nv: ['28'],
  h261: ['31'],
  mpv: ['32'],
  mp2t: ['33'],
  h263: ['34'],
}

export const listOf = (text: string): string[] =>
  text
    .split(',')
    .map(word => word.trim())
    .filter(word => word !== '')

/** The number and the name of `a=rtpmap:97 iLBC/8000`. */
const RTPMAP = /^a=rtpmap:(\S+)[ \t]+([^/\s]+)/i

/** The numbers that have one of these names; names ignore case. */
export function idsOf({ lines }: Description, names: readonly string[]): string[] {
  const wanted = new Set(names.map(name => name.toLowerCase()))
  const ids = new Set<string>()
  const mapped = new Set<string>()
  for (const { text } of lines) {
    const found = RTPMAP.exec(text)
    if (found === null) continue
    mapped.add(found[1]!)
    if (wanted.has(found[2]!.toLowerCase())) ids.add(found[1]!)
  }
  // A number that is mapped means what its rtpmap says.
  for (const name of wanted) for (const id of STATIC[name] ?? []) if (!mapped.has(id)) ids.add(id)
  return [...ids]
}

/** The codec that a line is about: `a=fmtp:101 0-15`. */
export const codecOf = (text: string): string | null =>
  /^a=(?:rtpmap|fmtp|rtcp-fb):(\S+)/i.exec(text)?.[1] ?? null
