/** What the functions over addresses do. */
import type { PvHandle, Verdict } from '../../core/module/index.ts'
import { canonical, Network } from '../../lib/ip.ts'
import type { SipMessage } from '../../sip/message.ts'
import type { Ipops } from './ipops.ts'
import { familyOfText, isIpv4, isIpv6, isPrivate, isReference, kindOf } from './kinds.ts'

const isPure = (text: string): boolean => isIpv4(text) || isIpv6(text)

const question =
  (ask: (text: string) => boolean) =>
  (_self: Ipops, _msg: SipMessage, text: string): Verdict =>
    ask(text) ? 1 : -1

export const isIp = question(text => familyOfText(text) !== 0)
export const isPureIp = question(isPure)
export const isIpv4Text = question(isIpv4)
export const isIpv6Text = question(isIpv6)
export const isIpv6Reference = question(isReference)
export const isPrivateIp = question(isPrivate)

/** 1 IPv4, 2 IPv6, 3 IPv6 in brackets. */
export function ipType(_self: Ipops, _msg: SipMessage, text: string): Verdict {
  if (isIpv4(text)) return 1
  if (isIpv6(text)) return 2
  return isReference(text) ? 3 : -1
}

/** The kind of an address into a variable; `family` 0 takes both. */
export const detailedType =
  (family: number) =>
  (_self: Ipops, msg: SipMessage, text: string, into: PvHandle): Verdict => {
    const kind = kindOf(text, family)
    if (kind === null) return -1
    into.set!(msg, kind)
    return 1
  }

export const compare = (_self: Ipops, _msg: SipMessage, a: string, b: string): Verdict =>
  familyOfText(a) !== 0 && canonical(a) === canonical(b) ? 1 : -1

export const comparePure = (_self: Ipops, _msg: SipMessage, a: string, b: string): Verdict =>
  isPure(a) && isPure(b) && canonical(a) === canonical(b) ? 1 : -1

/** Networks by their number of bits, or single addresses, between commas. */
export function isInSubnet(_self: Ipops, _msg: SipMessage, text: string, list: string): Verdict {
  if (!isPure(text)) return -1
  for (const each of list.split(',')) {
    const word = each.trim()
    if (!/^[^[/]+(?:\/\d+)?$/.test(word)) continue
    if (Network.parse(word)?.contains(text)) return 1
  }
  return -1
}
