// A node whose routes are a script: files beside each other in a folder, messages in, log lines
// out.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { onTestFinished } from 'vitest'
import { Fault } from '../../../../rpc/faults.ts'
import { Bench } from '../../../kit/bench.ts'

const MODULES = [
  'kex',
  'corex',
  'tm',
  'sl',
  'rr',
  'pv',
  'textops',
  'siputils',
  'xlog',
  'cfgutils',
  'usrloc',
  'registrar',
]

export class ScriptBench {
  readonly folder: string
  bench!: Bench

  private constructor(folder: string) {
    this.folder = folder
  }

  /** The first file is the one that `load` names. `routes`: the rest of the config. */
  static async start(
    module: 'app_jsdt' | 'app_lua',
    files: Record<string, string>,
    routes = '',
    params: readonly string[] = [],
  ): Promise<ScriptBench> {
    const self = new ScriptBench(mkdtempSync(join(tmpdir(), 'script-')))
    onTestFinished(() => rmSync(self.folder, { recursive: true, force: true }))
    for (const [name, text] of Object.entries(files)) self.write(name, text)
    const [first] = Object.keys(files)
    const engine = module === 'app_jsdt' ? 'jsdt' : 'lua'
    const config = [
      'debug=2',
      ...[...MODULES, module].map(name => `loadmodule "${name}.so"`),
      ...(first === undefined ? [] : [`modparam("${module}", "load", "${self.path(first)}")`]),
      ...params,
      routes === '' ? `cfgengine "${engine}"` : routes,
    ]
    self.bench = await Bench.start(`${config.join('\n')}\n`)
    onTestFinished(() => self.bench.host.stop())
    return self
  }

  path(name: string): string {
    return join(this.folder, name)
  }

  write(name: string, text: string): void {
    mkdirSync(dirname(this.path(name)), { recursive: true })
    writeFileSync(this.path(name), text)
  }

  /** Calls an RPC command: its answer, or the code and text of its refusal. */
  rpc(name: string, ...params: unknown[]): unknown {
    try {
      return this.bench.rpc(name, ...params)
    } catch (error) {
      if (!(error instanceof Fault)) throw error
      return `${error.code} ${this.short(error.message)}`
    }
  }

  short(text: string): string {
    return text.replaceAll(`${this.folder}/`, '').replace(/^<script>: |\n$/g, '')
  }

  /** What a request leaves in the log, without the folder in file names and the script's mark. */
  logged(method = 'OPTIONS', test = ''): string[] {
    return this.bench.logged(request(method, test)).map(text => this.short(text))
  }
}

let number = 0
export const request = (method: string, test: string): string =>
  [
    `${method} sip:bob@example.com SIP/2.0`,
    `Via: SIP/2.0/UDP 127.0.0.1:25075;branch=z9hG4bKscript${++number}`,
    'From: <sip:alice@example.com>;tag=a',
    'To: <sip:bob@example.com>',
    'Call-ID: script@example.com',
    `CSeq: 1 ${method}`,
    'Max-Forwards: 70',
    `X-Test: ${test}`,
    'Content-Length: 0',
    '',
    '',
  ].join('\r\n')
