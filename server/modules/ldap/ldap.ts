/** The instance of ldap: the sessions, and what the last search of a message found. */
import { readFileSync } from 'node:fs'
import { BadValue, type ModuleEnv } from '../../core/module/index.ts'
import type { SipMessage } from '../../sip/message.ts'
import { readConfigFile } from './config-file.ts'
import type { params } from './ldap.module.ts'
import { type LdapEntry, LdapSession, toldBy } from './session.ts'

type Env = ModuleEnv<typeof params, {}>

/** Entries of a search, and the one that functions read from. */
export interface Found {
  readonly entries: readonly LdapEntry[]
  at: number
}

export class Ldap {
  readonly sessions = new Map<string, LdapSession>()
  private readonly core: Env['core']
  private readonly found = new WeakMap<SipMessage, Found>()

  constructor({ core, config }: Env) {
    this.core = core
    for (const settings of readConfigFile(textOf(config.config_file), config.config_file))
      this.sessions.set(settings.name, new LdapSession(settings))
  }

  /** A directory that is away is no reason not to start: it is asked for when it is needed. */
  async start(): Promise<void> {
    const all = [...this.sessions.values()]
    await Promise.all(
      all.map(session =>
        session.connect().catch((error: Error) => {
          this.error(`[${session.settings.name}]: LDAP bind failed: ${toldBy(error)}`)
        }),
      ),
    )
  }

  async stop(): Promise<void> {
    await Promise.all([...this.sessions.values()].map(session => session.close()))
  }

  error(text: string): void {
    this.core.log.error('ldap', text)
  }

  keep(msg: SipMessage, entries: readonly LdapEntry[]): void {
    this.found.set(msg, { entries, at: 0 })
  }

  /** null when the message has made no search. */
  last(msg: SipMessage): Found | null {
    return this.found.get(msg) ?? null
  }
}

function textOf(path: string): string {
  try {
    return readFileSync(path, 'latin1')
  } catch (error) {
    throw new BadValue(`failed to load ldap config file: ${(error as Error).message}`)
  }
}
