/** What drouting loads: gateways, and rules by group and prefix. */
import type { Recurrence } from './recurrence.ts'

export interface Gateway {
  readonly id: number
  readonly type: number
  /** What stands behind the @, without a scheme. */
  readonly address: string
  /** Its IP address, '' when the name does not resolve. */
  readonly ip: string
  /** 0: any. */
  readonly port: number
  readonly strip: number
  readonly prefix: string
  readonly attributes: string
}

export interface Rule {
  readonly id: number
  readonly priority: number
  /** null: always. */
  readonly times: Recurrence | null
  /** Route block that runs first, '' for none. */
  readonly route: string
  /** In groups, as `;` parts them. */
  readonly gateways: readonly (readonly Gateway[])[]
}

/** Characters that a prefix may have; a number is looked at up to the first other one. */
const DIGITS = /^[0-9+*#]*/
const MOST_DIGITS = 64

export const isPrefix = (text: string): boolean =>
  DIGITS.exec(text)![0].length === text.length && text.length <= MOST_DIGITS

export class RoutingData {
  readonly gateways = new Map<number, Gateway>()
  private readonly groups = new Map<number, Map<string, Rule[]>>()
  rules = 0
  private longest = 0

  /** The highest priority in front; of equals the one that came first. */
  add(groups: readonly number[], prefix: string, rule: Rule): void {
    for (const group of groups) {
      let prefixes = this.groups.get(group)
      if (prefixes === undefined) this.groups.set(group, (prefixes = new Map()))
      const rules = prefixes.get(prefix) ?? []
      const at = rules.findIndex(other => other.priority < rule.priority)
      rules.splice(at < 0 ? rules.length : at, 0, rule)
      prefixes.set(prefix, rules)
    }
    this.rules++
    this.longest = Math.max(this.longest, prefix.length)
  }

  /** The rule of the longest prefix that counts at this time. */
  find(group: number, number: string, now: number): Rule | null {
    const prefixes = this.groups.get(group)
    if (prefixes === undefined) return null
    const digits = DIGITS.exec(number)![0]
    for (let length = Math.min(digits.length, this.longest); length >= 0; length--) {
      const rules = prefixes.get(digits.slice(0, length))
      const found = rules?.find(({ times }) => times === null || times.matches(now))
      if (found !== undefined) return found
    }
    return null
  }

  /** A gateway with this address; a port or type of 0 or less matters not. */
  gatewayAt(ip: string, port: number, type: number): Gateway | null {
    for (const gateway of this.gateways.values()) {
      if (gateway.ip !== ip || (type >= 0 && gateway.type !== type)) continue
      if (port === 0 || gateway.port === 0 || gateway.port === port) return gateway
    }
    return null
  }
}
