/**
 * resolv.conf and hosts as they are now: read at start, and again, without blocking, when they have
 * changed. The C library does the same since its version 2.26.
 */
import { readFileSync } from 'node:fs'
import { readFile, stat } from 'node:fs/promises'
import {
  type Hosts,
  NO_SERVERS,
  parseHosts,
  parseResolvConf,
  type ResolvConf,
} from './resolv-conf.ts'

const LOOK_EVERY_MS = 5000

/** Where the resolver learns of servers and local names. */
export interface NameSources {
  readonly conf: ResolvConf
  readonly hosts: Hosts
  /** Called before questions are asked; may look whether something has changed. */
  refresh(now: number): void
  /** Reads everything again at once (dns_reinit). */
  reload(): void
}

/** Names and servers of nobody: every question fails at once. */
export const noSources: NameSources = {
  conf: NO_SERVERS,
  hosts: new Map(),
  refresh: () => undefined,
  reload: () => undefined,
}

class WatchedFile<T> {
  value: T
  private readonly path: string
  private readonly parse: (text: string) => T
  private stamp = ''

  constructor(path: string, parse: (text: string) => T, empty: T) {
    this.path = path
    this.parse = parse
    this.value = empty
    this.readNow()
  }

  readNow(): void {
    try {
      this.value = this.parse(readFileSync(this.path, 'latin1'))
    } catch {
      // Without the file its system default holds, as in the C library.
      this.value = this.parse('')
    }
  }

  async look(): Promise<void> {
    try {
      const { mtimeMs, size, ino } = await stat(this.path)
      const stamp = `${mtimeMs} ${size} ${ino}`
      if (stamp === this.stamp) return
      this.stamp = stamp
      this.value = this.parse(await readFile(this.path, 'latin1'))
    } catch {
      // It is away for the moment: what was read stays.
    }
  }
}

export class SystemFiles implements NameSources {
  private readonly confFile: WatchedFile<ResolvConf>
  private readonly hostsFile: WatchedFile<Hosts>
  private lookedAt = Number.NEGATIVE_INFINITY

  constructor(confPath: string, hostsPath: string) {
    this.confFile = new WatchedFile(confPath, parseResolvConf, NO_SERVERS)
    this.hostsFile = new WatchedFile<Hosts>(hostsPath, parseHosts, new Map())
  }

  get conf(): ResolvConf {
    return this.confFile.value
  }

  get hosts(): Hosts {
    return this.hostsFile.value
  }

  refresh(now: number): void {
    if (now - this.lookedAt < LOOK_EVERY_MS) return
    this.lookedAt = now
    void this.confFile.look()
    void this.hostsFile.look()
  }

  reload(): void {
    this.confFile.readNow()
    this.hostsFile.readNow()
  }
}
