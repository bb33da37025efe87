/**
 * Questions to RADIUS servers about callers: what they are made of, what becomes of the answers.
 */
import { type AttributeName, decodeValue, encodeValue } from '../lib/radius/dictionary.ts'
import type { RadiusClient } from '../lib/radius/client.ts'
import { ACCESS_ACCEPT, ACCESS_REQUEST, type Attribute, type Packet } from '../lib/radius/packet.ts'
import { sourceAddressFor } from '../net/kernel.ts'
import type { SipMessage } from '../sip/message.ts'
import { avpsOf } from './avp.ts'
import type { Core } from './core.ts'
import { BadValue, type PvHandle } from './module/index.ts'
import type { Radius } from './radius.ts'

const NAS_IP_ADDRESS: AttributeName = { name: 'NAS-IP-Address', vendor: 0, type: 4, kind: 'ipaddr' }
const NAS_PORT: AttributeName = { name: 'NAS-Port', vendor: 0, type: 5, kind: 'integer' }
const SIP_AVP = 'SIP-AVP'

/**
 * draft-sterman-aaa-sip-00: attributes of a digest are numbered behind this one in dictionaries and
 * are parts of attribute 207 in packets.
 */
const DIGEST_ATTRIBUTES = 207
const DIGEST_FIRST = 1063
const DIGEST_LAST = 1072

/** `Name=$variable;Name=$variable` of a parameter. */
export class ExtraAttributes {
  private readonly parts: readonly { name: AttributeName; variable: string }[]
  private handles: readonly PvHandle[] = []

  /** Throws BadValue when it cannot be read, or the dictionary lacks a name. */
  constructor(text: string, parameter: string, radius: Radius) {
    const words = text.split(/;\s*(?=[^;()$]+=)/).map(word => word.replace(/;\s*$/, '').trim())
    this.parts = words.filter(Boolean).map(word => {
      const at = word.indexOf('=')
      const variable = word.slice(at + 1).trim()
      if (at <= 0 || !variable.startsWith('$'))
        throw new BadValue(`${parameter} has "${word}" where Name=$variable should stand`)
      return { name: radius.attribute(word.slice(0, at).trim()), variable }
    })
  }

  /** To be called when all modules are there. */
  compile(core: Core): void {
    this.handles = this.parts.map(({ variable }) => core.formats.pvar(variable))
  }

  /** Those that have a value. */
  addTo(question: Question, msg: SipMessage): void {
    for (let i = 0; i < this.parts.length; i++) {
      const value = this.handles[i]!.get(msg)
      if (value !== null && value !== '') question.add(this.parts[i]!.name, value)
    }
  }
}

/** What is about to be asked. */
export class Question {
  readonly attributes: Attribute[] = []

  add(name: AttributeName, value: string | number): void {
    const made = encodeValue(name, value)
    if (made === null) return
    const isDigest = made.vendor === 0 && made.type >= DIGEST_FIRST && made.type <= DIGEST_LAST
    this.attributes.push(isDigest ? partOfDigest(made) : made)
  }
}

function partOfDigest({ type, value }: Attribute): Attribute {
  const head = Buffer.from([type - DIGEST_FIRST + 1, value.length + 2])
  return { vendor: 0, type: DIGEST_ATTRIBUTES, value: Buffer.concat([head, value]) }
}

export interface Answer {
  readonly accepted: boolean
  readonly attributes: Packet['attributes']
}

/** Asks, and rejects with a sentence when nobody answers. */
export async function ask(
  client: RadiusClient,
  radius: Radius,
  question: Question,
  port: number,
): Promise<Answer> {
  const { bind, authentication } = radius.config
  const has = (type: number): boolean =>
    question.attributes.some(attribute => attribute.vendor === 0 && attribute.type === type)
  if (!has(NAS_PORT.type)) question.add(NAS_PORT, port)
  const own = bind || sourceAddressFor(authentication[0]?.host ?? '')
  if (!has(NAS_IP_ADDRESS.type) && own) question.add(NAS_IP_ADDRESS, own)
  const { code, attributes } = await client.exchange(ACCESS_REQUEST, () => question.attributes)
  return { accepted: code === ACCESS_ACCEPT, attributes }
}

/** `name:text`, `name#number`, `#14:text`: the AVPs that SIP-AVP attributes speak of. */
export function noteSipAvps(radius: Radius, msg: SipMessage, { attributes }: Answer): void {
  for (const attribute of attributes) {
    const name = radius.dictionary.nameOf(attribute)
    if (name?.name.toLowerCase() !== SIP_AVP.toLowerCase()) continue
    const [, byNumber = '', byName = '', kind, value = ''] =
      /^(?:#(\d+)|([^#:]+))([:#])(.*)$/s.exec(attribute.value.toString('latin1')) ?? []
    if (kind === undefined || (kind === '#' && !/^-?\d+$/.test(value))) continue
    const key = byNumber === '' ? byName : Number(byNumber)
    avpsOf(msg).push(key, kind === '#' ? Number(value) : value)
  }
}

/** Every attribute that the dictionary knows, as an AVP of its name; `but` is left out. */
export function noteAttributes(
  radius: Radius,
  msg: SipMessage,
  { attributes }: Answer,
  but = '',
): void {
  for (const attribute of attributes) {
    const name = radius.dictionary.nameOf(attribute)
    if (name !== null && name.name !== but)
      avpsOf(msg).push(name.name, decodeValue(name, attribute))
  }
}

/** SIP-AVP attributes as what they speak of, all others by their names. */
export function noteBoth(radius: Radius, msg: SipMessage, answer: Answer): void {
  noteSipAvps(radius, msg, answer)
  noteAttributes(radius, msg, answer, radius.dictionary.attribute(SIP_AVP)?.name)
}
