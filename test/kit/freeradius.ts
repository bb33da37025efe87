// A FreeRADIUS server on free loopback ports, in a folder of its own; what it accounts is read from
// its detail file.
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Child, start } from './child.ts'
import { freePort } from './ports.ts'

export const RADIUS_SECRET = 'testing123'

/**
 * Of its own dictionaries those that do not give the numbers of SIP servers to something else, and
 * the one of SIP servers, which is the one of Kamailio.
 */
const DICTIONARY = ['rfc2865', 'rfc2866', 'rfc2869', 'freeradius.internal', 'openser']
  .map(name => `$INCLUDE /usr/share/freeradius/dictionary.${name}\n`)
  .join('')

const config = (folder: string, authentication: number, accounting: number): string => `
name = freeradius
prefix = /usr
libdir = /usr/lib/freeradius
raddbdir = ${folder}
logdir = ${folder}
run_dir = ${folder}
db_dir = ${folder}
pidfile = ${folder}/pid
max_request_time = 5
cleanup_delay = 5
log {
  destination = stdout
}
security {
  reject_delay = 0
  status_server = no
}
client loopback {
  ipaddr = 127.0.0.1
  secret = ${RADIUS_SECRET}
}
thread pool {
  start_servers = 1
  max_servers = 4
  min_spare_servers = 1
  max_spare_servers = 3
}
modules {
  detail {
    filename = ${folder}/detail
    permissions = 0600
    header = "%t"
  }
  files {
    filename = ${folder}/users
  }
  digest {
  }
  pap {
  }
}
server default {
  listen {
    type = auth
    ipaddr = 127.0.0.1
    port = ${authentication}
  }
  listen {
    type = acct
    ipaddr = 127.0.0.1
    port = ${accounting}
  }
  authorize {
    digest
    files
    pap
  }
  authenticate {
    Auth-Type PAP {
      pap
    }
    digest
  }
  accounting {
    detail
  }
}
`

/** A record by the names of its attributes. */
export type DetailRecord = Readonly<Record<string, string>>

export class FreeRadius {
  readonly folder: string
  readonly authentication: number
  readonly accounting: number
  private child: Child | null = null

  private constructor(folder: string, authentication: number, accounting: number) {
    this.folder = folder
    this.authentication = authentication
    this.accounting = accounting
  }

  /** `users` is the text of its file of users. */
  static async start(users = ''): Promise<FreeRadius> {
    const folder = mkdtempSync(join(tmpdir(), 'ohana-freeradius-'))
    const server = new FreeRadius(folder, await freePort(), await freePort())
    writeFileSync(join(folder, 'dictionary'), DICTIONARY)
    writeFileSync(join(folder, 'users'), users)
    writeFileSync(
      join(folder, 'radiusd.conf'),
      config(folder, server.authentication, server.accounting),
    )
    await server.start()
    return server
  }

  async start(): Promise<void> {
    const line = ['-d', this.folder, '-D', this.folder, '-f', '-l', 'stdout']
    this.child = start('freeradius', line)
    await this.child.printed(/Ready to process requests/)
  }

  /** Ends it, so that it can be started again with all that it wrote. */
  async pause(): Promise<void> {
    await this.child?.stop()
    this.child = null
  }

  get log(): string {
    return this.child?.output ?? ''
  }

  /** What was accounted, the oldest first. */
  records(): DetailRecord[] {
    const path = join(this.folder, 'detail')
    if (!existsSync(path)) return []
    return readFileSync(path, 'utf8')
      .split('\n\n')
      .filter(block => block.trim() !== '')
      .map(block => {
        const pairs = [...block.matchAll(/^\t(\S+) = "?(.*?)"?$/gm)]
        return Object.fromEntries(pairs.map(([, name, value]) => [name, value]))
      })
  }

  async stop(): Promise<void> {
    await this.pause()
    rmSync(this.folder, { recursive: true, force: true })
  }
}
