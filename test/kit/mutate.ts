// Seeded damage: the same seed damages the same message in the same way.

export type Random = (below: number) => number

/** A small, fast generator of numbers from a seed (mulberry32). */
export function randomFrom(seed: number): Random {
  let state = seed >>> 0
  return below => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below
  }
}

/** Texts that have broken parsers before. */
const POISON = [
  ...['\0', '\r', '\n', '\r\n', '\r\n\r\n', '\t', ' ', '%', '%00', '%zz', '\\', '"', '""', "'"],
  ...['<', '>', '<>', ';', ';;', ',', ',,', ':', '::', '@', '@@', '=', '?', '&', '[', ']', '[::'],
  ...['-1', '0', '4294967296', '99999999999999999999', '1e9', '0x10', '\xff\xfe', '\u00e9'],
  ...['sip:', 'sips:a@b', 'tel:+1', 'urn:x', 'sip:@', 'sip:a@b;lr;lr', 'sip:a:b:c@d:e', '*'],
  ...['z9hG4bK', ';branch=', ';rport', ';received=1', ';maddr=::1', ';ttl=999', ';expires=-1'],
  ...['__proto__', 'constructor', 'toString', '${x}', '$(x)', '$rU', 'SIP/2.0', 'SIP/9.9'],
]

type Damage = (text: string, random: Random) => string

const at = (text: string, random: Random) => random(text.length + 1)

/** A stretch of the text: where it begins and ends. */
function stretch(text: string, random: Random, most: number): [number, number] {
  const start = at(text, random)
  return [start, Math.min(text.length, start + 1 + random(most))]
}

function lines(text: string, change: (lines: string[]) => void): string {
  const all = text.split('\r\n')
  change(all)
  return all.join('\r\n')
}

const DAMAGES: Damage[] = [
  (text, random) => {
    const where = at(text, random)
    return text.slice(0, where) + String.fromCharCode(random(256)) + text.slice(where + 1)
  },
  (text, random) => {
    const where = at(text, random)
    return text.slice(0, where) + POISON[random(POISON.length)] + text.slice(where)
  },
  (text, random) => {
    const [start, end] = stretch(text, random, 20)
    return text.slice(0, start) + POISON[random(POISON.length)] + text.slice(end)
  },
  (text, random) => {
    const [start, end] = stretch(text, random, 60)
    return text.slice(0, start) + text.slice(end)
  },
  (text, random) => {
    const [start, end] = stretch(text, random, 60)
    return text.slice(0, end) + text.slice(start, end).repeat(1 + random(40)) + text.slice(end)
  },
  (text, random) => text.slice(0, at(text, random)),
  (text, random) => lines(text, all => void all.splice(random(all.length), 1)),
  (text, random) =>
    lines(text, all => {
      const line = all[random(all.length)] ?? ''
      all.splice(random(all.length), 0, ...Array<string>(1 + random(60)).fill(line))
    }),
  (text, random) =>
    lines(text, all => {
      const [one, other] = [random(all.length), random(all.length)]
      ;[all[one], all[other]] = [all[other] ?? '', all[one] ?? '']
    }),
  (text, random) => text.replace(/\d+/g, own => (random(6) === 0 ? `${own}${random(1e9)}` : own)),
  (text, random) => text.replace(/[A-Za-z]/g, own => (random(8) === 0 ? flipCase(own) : own)),
  (text, random) => text.replace(/: /g, own => (random(4) === 0 ? ' \r\n :\t' : own)),
]

function flipCase(letter: string): string {
  return letter === letter.toLowerCase() ? letter.toUpperCase() : letter.toLowerCase()
}

/** The message, damaged one to four times. */
export function mutate(text: string, random: Random): string {
  let damaged = text
  for (let left = 1 + random(4); left > 0; left--) {
    const damage = DAMAGES[random(DAMAGES.length)]
    if (damage) damaged = damage(damaged, random)
  }
  return damaged.slice(0, 60_000)
}
