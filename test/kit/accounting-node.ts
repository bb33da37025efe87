// A node that relays every request to its request URI and accounts it in a database or over RADIUS;
// it can be killed and started again in the same folder.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { type Child, start } from './child.ts'
import { freePort } from './ports.ts'
import { answersOptions, SipServer, TAKE_ALL } from './server.ts'

/** Lines of the config. */
export interface Accounts {
  /** Before the modules. */
  readonly before: string
  readonly after: string
}

export const inDatabase = (driver: string, url: string): Accounts => ({
  before: `loadmodule "${driver}.so"`,
  after: `modparam("acc", "db_url", "${url}")\nmodparam("acc", "db_flag", 1)`,
})

export const overRadius = (config: string): Accounts => ({
  before: '',
  after: `loadmodule "acc_radius.so"
modparam("acc_radius", "radius_config", "${config}")
modparam("acc_radius", "radius_flag", 1)
modparam("acc_radius", "radius_extra", "User-Name=$fU")`,
})

const CONFIG = ({ before, after }: Accounts, more: string): string => `#!KAMAILIO
debug=1
log_stderror=yes
auto_aliases=no
server_header=""
${TAKE_ALL}${more}
${before}
loadmodule "tm.so"
loadmodule "sl.so"
loadmodule "rr.so"
loadmodule "pv.so"
loadmodule "textops.so"
loadmodule "acc.so"
${after}
modparam("acc", "failed_transaction_flag", 3)
request_route {
  if (is_method("OPTIONS")) { sl_send_reply("200", "OK"); exit; }
  setflag(1);
  setflag(3);
  if (!t_relay()) sl_reply_error();
}
`

export class AccountingNode {
  readonly port: number
  readonly folder: string
  private readonly wrap: readonly string[]
  private server: SipServer | null = null

  private constructor(port: number, folder: string, wrap: readonly string[]) {
    this.port = port
    this.folder = folder
    this.wrap = wrap
  }

  /**
   * `more` are core parameters; `wrap` is what runs the node, with FOLDER for its folder.
   */
  static async start(
    accounts: Accounts,
    more = '',
    wrap: readonly string[] = [],
  ): Promise<AccountingNode> {
    const folder = mkdtempSync(join(tmpdir(), 'ohana-acc-node-'))
    writeFileSync(join(folder, 'kamailio.cfg'), CONFIG(accounts, more))
    const node = new AccountingNode(await freePort(), folder, wrap)
    await node.start()
    return node
  }

  async start(): Promise<void> {
    const { folder, port } = this
    const places = ['-Y', folder, '-w', folder, '-P', join(folder, 'pid')]
    const line = [
      ...this.wrap.map(word => word.replaceAll('FOLDER', folder)),
      resolve('server/bin/ohana'),
      ...['-f', join(folder, 'kamailio.cfg'), '-DD', '-E', '-l', `udp:127.0.0.1:${port}`],
      ...places,
    ]
    const child: Child = start(line[0]!, line.slice(1))
    this.server = new SipServer('127.0.0.1', port, folder, child)
    await answersOptions(this.server, 'udp', 15_000)
  }

  get log(): string {
    return this.server!.child.output
  }

  /** As `kill -9` does, to the whole group of processes. */
  async kill(): Promise<void> {
    const { child } = this.server!
    process.kill(-child.pid, 'SIGKILL')
    await child.ended
  }

  async end(): Promise<void> {
    await this.server!.child.stop()
  }

  async stop(): Promise<void> {
    await this.end()
    rmSync(this.folder, { recursive: true, force: true })
  }
}
