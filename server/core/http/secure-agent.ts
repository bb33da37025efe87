/** Connections to web servers: plain ones, and those with TLS, through a proxy or not. */
import { readdir, readFile } from 'node:fs/promises'
import { Agent, request } from 'node:http'
import { Agent as HttpsAgent, type RequestOptions } from 'node:https'
import { isIP, type Socket } from 'node:net'
import { join } from 'node:path'
import type { Duplex } from 'node:stream'
import {
  checkServerIdentity,
  connect,
  createSecureContext,
  getCACertificates,
  type SecureContext,
} from 'node:tls'
import * as errors from './curl-errors.ts'
import { HttpFailure } from './failure.ts'
import { type TlsSettings, tlsVersionOf } from './settings.ts'

/** Connections that wait for a next request, to one server. */
const MOST_IDLE = 16
const IDLE = { maxFreeSockets: MOST_IDLE, timeout: 60_000 } as const

export interface ProxyAddress {
  readonly host: string
  readonly port: number
}

type Made = (error: Error | null, socket?: Duplex) => void
type Options = RequestOptions & { readonly signal?: AbortSignal }

const read = async (path: string, error: number): Promise<string> => {
  try {
    return await readFile(path, 'latin1')
  } catch {
    throw new HttpFailure(error)
  }
}

async function authoritiesOf({ authority, authorityFolder }: TlsSettings): Promise<string[]> {
  if (authority !== '') return [await read(authority, errors.BAD_AUTHORITY)]
  // Those that the machine trusts, as other programs on it do.
  if (authorityFolder === '') return getCACertificates('system')
  const names = await readdir(authorityFolder).catch(() => {
    throw new HttpFailure(errors.BAD_AUTHORITY)
  })
  const files = names.filter(name => /\.(pem|crt|\d+)$/.test(name))
  return Promise.all(files.map(name => read(join(authorityFolder, name), errors.BAD_AUTHORITY)))
}

async function contextOf(tls: TlsSettings): Promise<SecureContext> {
  const version = tlsVersionOf(tls.version)
  const cert = tls.certificate && (await read(tls.certificate, errors.BAD_CERTIFICATE))
  const key = tls.key && (await read(tls.key, errors.BAD_CERTIFICATE))
  const ca = tls.verifyPeer ? await authoritiesOf(tls) : []
  try {
    return createSecureContext({
      ca,
      ...(cert === '' ? {} : { cert, key: key === '' ? cert : key }),
      ...(tls.ciphers === '' ? {} : { ciphers: tls.ciphers }),
      ...(version === '' ? {} : { minVersion: version }),
    })
  } catch (error) {
    const { code = '' } = error as NodeJS.ErrnoException
    if (/CIPHER/.test(code)) throw new HttpFailure(errors.BAD_CIPHER)
    throw new HttpFailure(cert === '' ? errors.BAD_AUTHORITY : errors.BAD_CERTIFICATE)
  }
}

export class SecureAgent extends HttpsAgent {
  private readonly tls: TlsSettings
  private readonly proxy: ProxyAddress | null
  private context: Promise<SecureContext> | null = null

  constructor(tls: TlsSettings, proxy: ProxyAddress | null, keepAlive: boolean) {
    super({ keepAlive, ...IDLE })
    this.tls = tls
    this.proxy = proxy
  }

  override createConnection(options: Options, made: Made): undefined {
    this.open(options).then(
      socket => made(null, socket),
      (error: Error) => made(error),
    )
  }

  private async open(options: Options): Promise<Duplex> {
    this.context ??= contextOf(this.tls)
    let secureContext: SecureContext
    try {
      secureContext = await this.context
    } catch (error) {
      // The file may be there the next time.
      this.context = null
      throw error
    }
    const through = this.proxy === null ? null : await tunnel(this.proxy, options)
    return this.secure(options, secureContext, through)
  }

  private secure(options: Options, secureContext: SecureContext, through: Socket | null) {
    const { port, signal, localAddress } = options
    const name = (options.host ?? '').replace(/^\[|\]$/g, '')
    return new Promise<Duplex>((resolve, reject) => {
      const socket = connect({
        ...(through === null ? { host: name, port: Number(port) } : { socket: through }),
        ...(localAddress === undefined ? {} : { localAddress }),
        ...(isIP(name) === 0 ? { servername: name } : {}),
        secureContext,
        // It is verified below, as the settings say.
        rejectUnauthorized: false,
        checkServerIdentity: () => undefined,
        ALPNProtocols: ['http/1.1'],
      })
      const give = (error: Error): void => {
        socket.destroy()
        reject(error)
      }
      const aborted = (): void => give(new HttpFailure(errors.TIMED_OUT))
      signal?.addEventListener('abort', aborted, { once: true })
      socket.once('error', give)
      socket.once('secureConnect', () => {
        signal?.removeEventListener('abort', aborted)
        const untrusted = this.tls.verifyPeer && !socket.authorized
        const certificate = socket.getPeerCertificate()
        const other = this.tls.verifyHost && checkServerIdentity(name, certificate) !== undefined
        if (untrusted || other) give(new HttpFailure(errors.NOT_VERIFIED))
        else {
          socket.off('error', give)
          resolve(socket)
        }
      })
    })
  }
}

/** A connection through a proxy that does not look into it. */
function tunnel(proxy: ProxyAddress, { host, port, signal }: Options): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const path = `${host}:${port}`
    const headers = ['Host', path, 'Proxy-Connection', 'Keep-Alive']
    const asked = request({ ...proxy, method: 'CONNECT', path, headers, agent: false, signal })
    const refused = (): void => reject(new HttpFailure(errors.NOT_RECEIVED))
    asked.once('connect', ({ statusCode = 0 }, socket) => {
      if (statusCode >= 200 && statusCode < 300) resolve(socket)
      else {
        socket.destroy()
        refused()
      }
    })
    asked.once('response', answer => {
      answer.destroy()
      refused()
    })
    asked.once('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOTFOUND') reject(new HttpFailure(errors.NO_PROXY_ADDRESS))
      else if (error.code === 'ECONNRESET') refused()
      else reject(error)
    })
    asked.end()
  })
}

/** The connections that belong to one way of making requests. */
export interface Agents {
  readonly plain: Agent
  readonly secure: SecureAgent
}

export function makeAgents(tls: TlsSettings, proxy: ProxyAddress | null, keep: boolean): Agents {
  return {
    plain: new Agent({ keepAlive: keep, ...IDLE }),
    secure: new SecureAgent(tls, proxy, keep),
  }
}
