// Damaged answers of name servers: none of them throws, hangs the resolver or leaves something in
// the cache that is no record.
import packet from 'dns-packet'
import { expect, test } from 'vitest'
import { isIP } from 'node:net'
import {
  A,
  AAAA,
  CNAME,
  EBL,
  NAPTR,
  PTR,
  type RecordData,
  SRV,
  TXT,
} from '../../server/net/dns/records.ts'
import { readAnswer, writeQuestion } from '../../server/net/dns/wire.ts'
import { DnsZone } from '../kit/dns-server.ts'
import { type Random, randomFrom } from '../kit/mutate.ts'
import { NameWorld } from '../kit/name-world.ts'

const SEED = Number(process.env.FUZZ_SEED ?? 1)
const ROUNDS = Number(process.env.FUZZ_ROUNDS ?? 20_000)
const ID = 0x1234

const ZONE = `
a.test 60 A 10.1.0.1
a.test 60 A 10.1.0.2
a.test 60 AAAA 2001:db8::1
alias.test 60 CNAME a.test
_sip._udp.a.test 60 SRV 10 20 5060 a.test
a.test 60 NAPTR 10 20 "s" "SIP+D2U" "!x!y!" _sip._udp.a.test
a.test 60 TXT hello
a.test 60 PTR b.test
`

const QUESTIONS: readonly (readonly [name: string, type: number])[] = [
  ['a.test', A],
  ['a.test', AAAA],
  ['alias.test', A],
  ['alias.test', CNAME],
  ['_sip._udp.a.test', SRV],
  ['a.test', NAPTR],
  ['a.test', TXT],
  ['a.test', PTR],
  ['none.test', A],
  ['e.test', EBL],
]

const zone = new DnsZone().add(ZONE)
zone.authority.set('test', 30)
zone.records.push({
  name: 'e.test',
  ttl: 60,
  type: `UNKNOWN_${EBL}`,
  data: Buffer.from('\x04\x01.\x01e\x04test\0', 'latin1'),
} as never)

const ANSWERS = QUESTIONS.map(
  ([name, type]) => zone.replies(writeQuestion(ID, name, type, true), 'udp')[0]!.bytes!,
)

/** A few bytes changed, cut out, put in or repeated. */
function damage(good: Buffer, random: Random): Buffer {
  let bytes = Buffer.from(good)
  for (let hurts = 1 + random(4); hurts > 0; hurts--) {
    // The head stays ours for most, or nothing behind it would be read.
    const from = random(8) === 0 ? 0 : Math.min(4, bytes.length)
    const at = from + random(Math.max(1, bytes.length - from))
    const some = 1 + random(8)
    switch (random(6)) {
      case 0:
        bytes = bytes.subarray(0, at)
        break
      case 1:
        bytes = Buffer.concat([bytes.subarray(0, at), bytes.subarray(at + some)])
        break
      case 2:
        bytes = Buffer.concat([bytes.subarray(0, at), bytes.subarray(0, at + some)])
        break
      case 3:
        // A compression pointer to anywhere.
        if (at + 1 < bytes.length) bytes.writeUInt16BE(0xc000 | random(bytes.length + 8), at)
        break
      default:
        if (at < bytes.length) bytes[at] = random(256)
    }
  }
  return bytes
}

const short = (value: number): boolean => Number.isInteger(value) && value >= 0 && value < 65_536
const isText = (...texts: unknown[]): boolean => texts.every(text => typeof text === 'string')

function isSound(data: RecordData): boolean {
  switch (data.kind) {
    case 'address':
      return isIP(data.ip) !== 0
    case 'srv':
      return [data.priority, data.weight, data.port].every(short) && isText(data.name)
    case 'naptr': {
      const { flags, service, regexp, replacement } = data
      return (
        [data.order, data.preference].every(short) && isText(flags, service, regexp, replacement)
      )
    }
    case 'name':
      return isText(data.name)
    case 'text':
      return isText(...data.texts)
    case 'ebl':
      return data.position < 256 && isText(data.separator, data.apex)
  }
}

test(`${ROUNDS} damaged answers are read without harm, seed ${SEED}`, () => {
  const random = randomFrom(SEED)
  const seen = { other: 0, bad: 0, read: 0 }
  for (let round = 0; round < ROUNDS; round++) {
    const which = random(QUESTIONS.length)
    const [name, type] = QUESTIONS[which]!
    const bytes = damage(ANSWERS[which]!, random)
    const answer = readAnswer(bytes, ID, name, type)
    if (answer === 'other' || answer === 'bad') {
      seen[answer]++
      continue
    }
    seen.read++
    const sound =
      answer.found.every(({ data, ttl, owner }) => isSound(data) && ttl >= 0 && isText(owner)) &&
      answer.negativeTtl >= -1
    if (!sound) throw new Error(`unsound: ${bytes.toString('hex')} ${JSON.stringify(answer)}`)
  }
  // All three happen, or the damage is too little or too much to prove anything.
  for (const count of Object.values(seen)) expect(count).toBeGreaterThan(ROUNDS / 50)
})

test('whatever a server answers, every question comes to an end', () => {
  const random = randomFrom(SEED)
  const names = new NameWorld({}, '', 2)
  names.settings.use_dns_failover = 1
  for (const one of [names.zone, names.second]) {
    one.add(ZONE)
    one.fault('*', '*', { mangle: bytes => (random(3) === 0 ? bytes : damage(bytes, random)) })
  }
  let ended = 0
  for (let round = 0; round < 300; round++) {
    names.dns.cache.clear(true)
    const [name, type] = QUESTIONS[round % QUESTIONS.length]!
    names.dns.records(name, type, () => ended++)
    names.dns.resolve(name, 0, 0, false, () => ended++)
    names.pass(40_000)
  }
  expect(ended).toBe(600)
})

test('an answer that the codec cannot be trusted with is not believed', () => {
  const answer = ANSWERS[0]!
  // Cut inside the last address: the codec itself makes 10.1.undefined.undefined of it.
  const cut = answer.subarray(0, answer.length - 2)
  expect(JSON.stringify(packet.decode(cut))).toContain('undefined')
  expect(readAnswer(cut, ID, 'a.test', A)).toBe('bad')
})
