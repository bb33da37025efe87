/** $dns, $srvquery, $naptrquery, $ptrquery: what was found; $HN: names of this machine. */
import { hostname } from 'node:os'
import type { Formats } from '../../core/core.ts'
import { BadValue, keyed, type Pvar, type PvValue } from '../../core/module/index.ts'
import { familyOf } from '../../lib/ip.ts'
import type { SipMessage } from '../../sip/message.ts'
import type { Ipops } from './ipops.ts'

type Row = Pvar<Ipops>

/** `id=>word[index]`; the index may be a variable. */
interface Key<W extends string> {
  readonly id: (msg: SipMessage) => string
  readonly word: W
  readonly index: (msg: SipMessage) => number
}

const reader =
  <const W extends string>(words: readonly W[]) =>
  (inner: string, formats: Formats): Key<W> => {
    const parts = /^\s*(.*?)\s*=>\s*(\w+)\s*(?:\[(.*)\])?\s*$/.exec(inner)
    const word = words.find(known => known === parts?.[2])
    if (parts === null || word === undefined)
      throw new BadValue(`${inner} asks for nothing that is known`, `id=>${words.join(', ')}`)
    const [, id = '', , index = '0'] = parts
    const number = index.includes('$') ? formats.compile(index) : (): string => index
    return {
      id: id.includes('$') ? formats.compile(id) : (): string => id,
      word,
      index: msg => Number(number(msg)) || 0,
    }
  }

const answers = <W extends string, T>(
  doc: string,
  words: readonly W[],
  store: (self: Ipops) => ReadonlyMap<string, T>,
  get: (found: T, word: W, index: number) => PvValue,
  absent: (word: W) => PvValue,
): Row =>
  keyed<Ipops, Key<W>>({
    doc,
    compile: reader(words),
    get: (self, msg, key) => {
      const found = store(self).get(key.id(msg))
      return found === undefined ? absent(key.word) : get(found, key.word, key.index(msg))
    },
  })

const nothing = (): PvValue => null
const noCount = (word: string): PvValue => (word === 'count' ? 0 : null)

function hostPart(ips: string[], word: string, index: number): PvValue {
  const ip = ips.at(index)
  switch (word) {
    case 'count':
      return ips.length
    case 'ipv4':
      return ips.some(each => familyOf(each) === 2) ? 1 : 0
    case 'ipv6':
      return ips.some(each => familyOf(each) === 10) ? 1 : 0
    case 'addr':
      return ip ?? null
    default:
      return ip === undefined ? null : familyOf(ip) === 2 ? 4 : 6
  }
}

/** n: as it is called; f: with its domain; d: the domain; i: an address of it. */
const NAMES = ['n', 'f', 'd', 'i'] as const

function machine(self: Ipops, word: (typeof NAMES)[number]): PvValue {
  const name = hostname()
  const dot = name.indexOf('.')
  switch (word) {
    case 'n':
      return dot < 0 ? name : name.slice(0, dot)
    case 'f':
      return name
    case 'd':
      return dot < 0 ? null : name.slice(dot + 1)
    case 'i':
      return self.core.sockets.list[0]?.address ?? null
  }
}

export const variables: Record<string, Row> = {
  dns: answers(
    'What dns_query found: count ipv4 ipv6 addr[i] type[i].',
    ['count', 'ipv4', 'ipv6', 'addr', 'type'] as const,
    self => self.hosts,
    hostPart,
    nothing,
  ),
  srvquery: answers(
    'What srv_query found: count port[i] priority[i] target[i] weight[i].',
    ['count', 'port', 'priority', 'target', 'weight'] as const,
    self => self.services,
    (found, word, index) => {
      if (word === 'count') return found.length
      return found.at(index)?.[word === 'target' ? 'name' : word] ?? null
    },
    noCount,
  ),
  naptrquery: answers(
    'What naptr_query found: count order[i] pref[i] flags[i] services[i] regex[i] replace[i].',
    ['count', 'order', 'pref', 'flags', 'services', 'regex', 'replace'] as const,
    self => self.pointers,
    (found, word, index) => {
      const one = found.at(index)
      if (word === 'count') return found.length
      if (one === undefined) return null
      const { order, preference: pref, flags, service: services, regexp: regex } = one
      return { order, pref, flags, services, regex, replace: one.replacement }[word]
    },
    noCount,
  ),
  ptrquery: answers(
    'What ptr_query found: hostname. Since 6.',
    ['hostname'] as const,
    self => self.names,
    name => name,
    nothing,
  ),
  HN: keyed({
    doc: 'A name of this machine: n, with its domain f, its domain d; i an address.',
    parse: inner => {
      const word = NAMES.find(known => known === inner.trim())
      if (word === undefined) throw new BadValue(`${inner} is not known here`, 'n, f, d or i')
      return word
    },
    get: (self: Ipops, _msg, word) => machine(self, word),
  }),
}
