/** The instance: what was asked of name servers, by the name that the script gave the answer. */
import type { Core } from '../../core/core.ts'
import type { ModuleEnv } from '../../core/module/index.ts'
import type { NaptrData, SrvData } from '../../net/dns/records.ts'

export class Ipops {
  readonly core: Core
  readonly hosts = new Map<string, string[]>()
  readonly services = new Map<string, readonly SrvData[]>()
  readonly pointers = new Map<string, readonly NaptrData[]>()
  readonly names = new Map<string, string>()

  constructor(env: ModuleEnv<{}, {}>) {
    this.core = env.core
  }
}
