/** One directory: a connection that is made when it is needed, to the first server that answers. */
import { Client, type Filter, FilterParser, NoSuchObjectError, ResultCodeError } from 'ldapts'
import { toByteString, toText } from '../../core/db/text.ts'
import type { LdapSettings } from './config-file.ts'
import type { Search } from './search-url.ts'

/** Values of an entry by the names of its attributes in small letters. */
export type LdapEntry = ReadonlyMap<string, readonly string[]>

export class LdapSession {
  readonly settings: LdapSettings
  private client: Promise<Client> | null = null
  /** The one that stands. */
  private current: Client | null = null

  constructor(settings: LdapSettings) {
    this.settings = settings
  }

  async connect(): Promise<void> {
    await this.connected()
  }

  /** Rejected when no server answers, or one says that the search is wrong. */
  async search(search: Search): Promise<LdapEntry[]> {
    // What is no filter is nobody's connection's fault.
    const filter = FilterParser.parseString(toText(search.filter))
    const client = await this.connected()
    try {
      return await found(client, search, filter)
    } catch (error) {
      if (error instanceof ResultCodeError) throw error
      this.drop(client)
      // It may be late, but it was asked.
      if (/timed out/.test((error as Error).message)) throw error
    }
    // The connection was lost since the last search.
    return found(await this.connected(), search, filter)
  }

  async close(): Promise<void> {
    const { client } = this
    this.client = null
    await client?.then(
      one => one.unbind(),
      () => undefined,
    )
  }

  private connected(): Promise<Client> {
    if (this.client !== null) return this.client
    const connecting = this.connectToAny()
    this.client = connecting
    connecting.catch(() => {
      if (this.client === connecting) this.client = null
    })
    return connecting
  }

  private drop(client: Client): void {
    if (this.current === client) this.client = null
    client.unbind().catch(() => undefined)
  }

  private async connectToAny(): Promise<Client> {
    let failed: unknown = null
    for (const url of this.settings.urls) {
      try {
        return await this.connectTo(url)
      } catch (error) {
        failed = error
      }
    }
    throw failed
  }

  private async connectTo(url: string): Promise<Client> {
    const { networkTimeout, bindTimeout, searchTimeout, bindDn, bindPassword } = this.settings
    const client = new Client({
      url,
      connectTimeout: networkTimeout,
      timeout: searchTimeout,
      autoRebind: true,
    })
    let timer: NodeJS.Timeout | undefined
    const late = new Promise<never>((_, reject) => {
      const tooLate = (): void => reject(new Error(`${url} did not answer a bind in time`))
      timer = setTimeout(tooLate, networkTimeout + bindTimeout)
    })
    try {
      await Promise.race([client.bind(toText(bindDn), toText(bindPassword)), late])
      this.current = client
      return client
    } catch (error) {
      await client.unbind().catch(() => undefined)
      throw error
    } finally {
      clearTimeout(timer)
    }
  }
}

async function found(client: Client, search: Search, filter: Filter): Promise<LdapEntry[]> {
  const attributes = search.attributes.map(toText)
  const how = { scope: search.scope, filter, attributes }
  const { searchEntries } = await client.search(toText(search.base), how).catch(noEntries)
  return searchEntries.map(({ dn: _dn, ...attributes }) => {
    const entry = new Map<string, string[]>()
    for (const [name, value] of Object.entries(attributes))
      entry.set(name.toLowerCase(), [value].flat().map(byteString))
    return entry
  })
}

/** Where there is no base there are no entries. */
function noEntries(error: unknown): { searchEntries: [] } {
  if (error instanceof NoSuchObjectError) return { searchEntries: [] }
  throw error
}

/** What a server or a connection said, for the log. */
export const toldBy = (error: Error): string => `${error.name}: ${error.message.trim()}`

const byteString = (value: string | Buffer): string =>
  typeof value === 'string' ? toByteString(value) : value.toString('latin1')
