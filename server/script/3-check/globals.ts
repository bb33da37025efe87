/**
 * Outside of the routes: core parameters and flags.
 */
import { formerCoreParam } from '../../core/catalogue/history.ts'
import {
  type CoreParamName,
  coreParamName,
  coreParams,
  coreParamSpellings,
} from '../../core/params.ts'
import type { ParamNode, Script } from '../2-parse/ast.ts'
import type { Report } from '../diagnostic.ts'
import { suggest } from './suggest.ts'

export interface CoreSetting {
  readonly name: CoreParamName
  readonly value: string | number
}

/**
 * String parameters whose value Kamailio takes as a word without quotes; the others want quotes.
 */
const WORDS = new Set([
  ...['log_facility', 'user', 'group', 'chroot', 'workdir', 'rundir', 'tcp_poll_method', 'mcast'],
  ...['tls_method', 'advertised_address', 'tcp_source_ipv4', 'tcp_source_ipv6'],
  ...['tcp_accept_protocols'],
])
const MAX_FLAG = 31

export function checkCoreParams(script: Script, report: Report, strict56: boolean): CoreSetting[] {
  const settings: CoreSetting[] = []
  for (const node of script.items) {
    if (node.kind !== 'param') continue
    const name = coreParamName(node.name)
    if (name === null) {
      const alike = suggest(node.name, coreParamSpellings())
      report.error(node.at, 'CFG_UNKNOWN_PARAM', node.name, alike, formerCoreParam(node.name))
      continue
    }
    if (strict56 && coreParams[name].since6) report.error(node.at, 'CFG_ONLY_6', node.name)
    const value = coreValue(node, name, report)
    if (value !== null) settings.push({ name, value })
    const { effect, doc, default: usual } = coreParams[name]
    // Who switches it off misses nothing.
    const asked = value !== null && value !== usual && value !== 0
    if (effect === 'lacking' && asked) report.warn(node.at, 'CFG_PARAM_LACKING', node.name, doc)
  }
  return settings
}

function coreValue(node: ParamNode, name: CoreParamName, report: Report): number | string | null {
  const { value } = node
  const { kind, words } = coreParams[name]
  if (kind === 'int') {
    if (value.kind === 'number') return value.value
    if (value.kind === 'word' && words?.[value.value] !== undefined) return words[value.value]!
    if (words !== undefined) {
      const known = Object.keys(words)
      const alike = suggest(String(value.value), known)
      // Kamailio passes over words of tos that it does not know.
      const say = name === 'tos' && value.kind === 'word' ? 'warn' : 'error'
      report[say](value.at, 'CFG_PARAM_WORDS', node.name, known, alike)
      return null
    }
    report.error(value.at, 'CFG_PARAM_NUMBER', node.name)
    return null
  }
  if (value.kind === 'text' || WORDS.has(name)) {
    const text = String(value.value)
    if (coreParams[name].accepts?.(text) === false)
      report.error(value.at, 'CFG_PARAM_VALUE', node.name, text)
    return text
  }
  const given = value.kind === 'word' ? value.value : ''
  report.error(value.at, 'CFG_PARAM_TEXT', node.name, given)
  return null
}

/** The numbers of declared flags; those without one get the lowest that is free. */
export function checkFlags(script: Script, report: Report): Map<string, number> {
  const flags = new Map<string, number>()
  const nodes = script.items.flatMap(node => (node.kind === 'flags' && !node.avp ? node.flags : []))
  const taken = new Set<number>()
  let next = 0
  for (const { name, bit, at } of nodes) {
    if (flags.has(name)) report.error(at, 'CFG_FLAG_TWICE', name)
    let number = bit
    if (number === null) {
      // A number that is given further below may be the same.
      while (taken.has(next)) next++
      number = next
    }
    taken.add(number)
    if (number < 0 || number > MAX_FLAG) report.error(at, 'CFG_FLAG_RANGE', name, MAX_FLAG)
    flags.set(name, number)
  }
  return flags
}

/** The numbers of the flags of AVPs, in the order of their names; declared again is the same. */
export function checkAvpFlags(script: Script, report: Report): Map<string, number> {
  const flags = new Map<string, number>()
  for (const node of script.items) {
    if (node.kind !== 'flags' || !node.avp) continue
    for (const { name, bit, at } of node.flags) {
      if (bit !== null) report.error(at, 'CFG_AVP_FLAG_NUMBER', name)
      if (!flags.has(name)) flags.set(name, flags.size)
      if (flags.size > MAX_FLAG + 1) report.error(at, 'CFG_FLAG_RANGE', name, MAX_FLAG)
    }
  }
  return flags
}
