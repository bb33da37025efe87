/** `radiusclient.conf` and the file of secrets, as radiusclient-ng and its successors read them. */

export interface ServerAddress {
  readonly host: string
  readonly port: number
  readonly secret: string
}

export interface RadiusConfig {
  readonly authentication: readonly ServerAddress[]
  readonly accounting: readonly ServerAddress[]
  /** Path. */
  readonly dictionary: string
  /** Milliseconds to wait for an answer, and how often a request is sent to one server. */
  readonly timeout: number
  readonly tries: number
  /** Milliseconds for which a server that did not answer is asked last. */
  readonly deadTime: number
  /** Address to send from; '' is any. */
  readonly bind: string
}

/** What is wrong with the files. */
export class RadiusConfigError extends Error {}

const AUTHENTICATION_PORT = 1812
const ACCOUNTING_PORT = 1813
const DEFAULT_TIMEOUT_S = 10
const DEFAULT_TRIES = 3

/** `read` gives the text of a file, or throws. */
export function readRadiusConfig(path: string, read: (path: string) => string): RadiusConfig {
  const options = optionsOf(path, read)
  const one = (name: string): string => options.get(name)?.at(-1) ?? ''
  const number = (name: string, otherwise: number): number => {
    const text = one(name)
    if (text !== '' && !/^\d+$/.test(text))
      throw new RadiusConfigError(`${path}: ${name} ${text} is no number`)
    return text === '' ? otherwise : Number(text)
  }
  const dictionary = one('dictionary')
  if (dictionary === '') throw new RadiusConfigError(`${path}: it names no dictionary`)
  const secrets = one('servers') === '' ? new Map() : readSecrets(read(one('servers')))
  const servers = (name: string, port: number): ServerAddress[] =>
    (options.get(name) ?? [])
      .flatMap(line => line.split(/[\s,]+/))
      .map(text => serverOf(text, port, secrets, path))
  const bind = one('bindaddr')
  return {
    authentication: servers('authserver', AUTHENTICATION_PORT),
    accounting: servers('acctserver', ACCOUNTING_PORT),
    dictionary,
    timeout: number('radius_timeout', DEFAULT_TIMEOUT_S) * 1000,
    tries: Math.max(1, number('radius_retries', DEFAULT_TRIES)),
    deadTime: number('radius_deadtime', 0) * 1000,
    bind: bind === '*' ? '' : bind,
  }
}

/** Names and what stands behind them, as often as they are there. */
function optionsOf(path: string, read: (path: string) => string): Map<string, string[]> {
  const options = new Map<string, string[]>()
  for (const line of read(path).split('\n')) {
    const [, name, value = ''] = /^\s*([^#\s]\S*)\s*(.*?)\s*$/.exec(line) ?? []
    if (name === undefined) continue
    const known = options.get(name) ?? []
    known.push(value)
    options.set(name, known)
  }
  return options
}

/** `host secret`, or `host/other secret`. */
function readSecrets(text: string): Map<string, string> {
  const secrets = new Map<string, string>()
  for (const line of text.split('\n')) {
    const [, hosts, secret] = /^\s*([^#\s]\S*)\s+(\S+)/.exec(line) ?? []
    if (hosts === undefined) continue
    for (const host of hosts.split('/')) secrets.set(host.toLowerCase(), secret!)
  }
  return secrets
}

/** `host`, `host:port`, `host:port:secret`, `[address]:port`. */
function serverOf(
  text: string,
  defaultPort: number,
  secrets: ReadonlyMap<string, string>,
  path: string,
): ServerAddress {
  const [, name = '', portText = '', own] =
    /^(\[[^\]]+\]|[^:]+)(?::(\d*))?(?::(.*))?$/.exec(text) ?? []
  const host = name.replace(/^\[|\]$/g, '')
  const port = portText === '' ? defaultPort : Number(portText)
  const secret = own ?? secrets.get(`${host}:${port}`) ?? secrets.get(host.toLowerCase())
  if (host === '' || port > 65_535) throw new RadiusConfigError(`${path}: ${text} is no server`)
  if (secret === undefined)
    throw new RadiusConfigError(`${path}: the file of servers has no secret for ${host}`)
  return { host, port, secret }
}
