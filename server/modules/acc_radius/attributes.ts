/** The attributes of an Accounting-Request, in Kamailio's order. */
import type { Core } from '../../core/core.ts'
import type { ConfigOf } from '../../core/module/index.ts'
import type { Radius } from '../../core/radius.ts'
import { type AttributeName, encodeValue } from '../../lib/radius/dictionary.ts'
import type { Attribute } from '../../lib/radius/packet.ts'
import { sourceAddressFor } from '../../net/kernel.ts'
import { BYE, CANCEL, INVITE, OTHER } from '../../sip/method.ts'
import type { AccountingApi, AccountingRecord, Extra } from '../acc/api.ts'
import type { params } from './acc_radius.module.ts'

const NAS_IP_ADDRESS: AttributeName = { name: 'NAS-IP-Address', vendor: 0, type: 4, kind: 'ipaddr' }
const NAS_PORT: AttributeName = { name: 'NAS-Port', vendor: 0, type: 5, kind: 'integer' }
const SIP_PORT = 5060
/** How Kamailio numbers a method that it has no number for. */
const KAMAILIO_OTHER = 1 << 19

interface NamedExtra {
  readonly extra: Extra
  readonly name: AttributeName
}

export class AccountingAttributes {
  private readonly core: Core
  private readonly acc: AccountingApi
  private readonly names: Record<keyof typeof NAMES, AttributeName>
  private readonly statuses: { start: number; stop: number; alive: number; failed: number }
  private readonly service: number
  private readonly microseconds: boolean
  private readonly extras: readonly NamedExtra[]
  private readonly legs: readonly AttributeName[]
  private readonly host: string

  /** Throws BadValue when the dictionary lacks something. */
  constructor(
    core: Core,
    config: ConfigOf<typeof params>,
    radius: Radius,
    extras: readonly Extra[],
    acc: AccountingApi,
  ) {
    this.core = core
    this.acc = acc
    const named = Object.entries(NAMES).map(([key, name]) => [key, radius.attribute(name)])
    this.names = Object.fromEntries(named) as Record<keyof typeof NAMES, AttributeName>
    const status = (name: string): number => radius.value(NAMES.status, name)
    this.statuses = {
      start: status('Start'),
      stop: status('Stop'),
      alive: status('Alive'),
      failed: status('Failed'),
    }
    const { service_type: given } = config
    this.service = given >= 0 ? given : radius.value(NAMES.service, 'Sip-Session')
    this.microseconds = config.rad_time_mode === 1
    this.extras = extras.map(extra => ({ extra, name: radius.attribute(extra.name) }))
    this.legs = acc.legNames.map(name => radius.attribute(name))
    const first = radius.config.accounting[0]?.host ?? ''
    this.host = radius.config.bind || sourceAddressFor(first) || core.sockets.list[0]?.address || ''
  }

  of(record: AccountingRecord): Attribute[] {
    const { names } = this
    const found: Attribute[] = []
    const add = (name: AttributeName, value: string | number): void => {
      const attribute = encodeValue(name, value)
      if (attribute !== null) found.push(attribute)
      else this.core.log.error('acc_radius', `"${value}" is no value for ${name.name}`)
    }
    const addText = (name: AttributeName, value: string): void => {
      if (value !== '') add(name, value)
    }
    const { request, code, fromTag, toTag, time } = record
    add(names.status, this.statusOf(record))
    add(names.service, this.service)
    add(names.code, Number(code))
    add(names.method, request.methodBit === OTHER ? KAMAILIO_OTHER : request.methodBit)
    add(names.time, this.timeOf(time))
    addText(names.fromTag, fromTag)
    addText(names.toTag, toTag)
    addText(names.session, request.callId)
    for (const { extra, name } of this.extras) {
      const value = extra.handle!.get(request)
      addText(name, value === null ? '' : String(value))
    }
    for (const leg of this.acc.legsOf(request))
      for (let i = 0; i < leg.length; i++) add(this.legs[i]!, leg[i] ?? '')
    // What client libraries put in unless it is there.
    const has = (type: number): boolean => found.some(a => a.vendor === 0 && a.type === type)
    if (!has(NAS_PORT.type)) add(NAS_PORT, SIP_PORT)
    if (!has(NAS_IP_ADDRESS.type) && this.host.includes('.')) add(NAS_IP_ADDRESS, this.host)
    return found
  }

  /** RFC 2866 section 5.1, as far as calls fit in. */
  private statusOf({ request, code }: AccountingRecord): number {
    const { start, stop, alive, failed } = this.statuses
    if (request.methodBit === INVITE && code.startsWith('2')) return start
    if ((request.methodBit & (BYE | CANCEL)) !== 0) return stop
    return (request.to?.tag ?? '') === '' ? failed : alive
  }

  private timeOf(time: number): number | string {
    const seconds = Math.floor(time / 1000)
    if (!this.microseconds || this.names.time.kind !== 'string') return seconds
    const micros = Math.floor((time - seconds * 1000) * 1000)
    return `${seconds}.${String(micros).padStart(6, '0')}`
  }
}

const NAMES = {
  status: 'Acct-Status-Type',
  service: 'Service-Type',
  code: 'Sip-Response-Code',
  method: 'Sip-Method',
  time: 'Event-Timestamp',
  fromTag: 'Sip-From-Tag',
  toTag: 'Sip-To-Tag',
  session: 'Acct-Session-Id',
} as const
