// What the real Kamailio does with names, as the recorder writes it.

/** Where requests for a URI went, with some settings. */
export interface WayFacts {
  origin: string
  /** Lines of the zone. */
  zone: string[]
  groups: {
    /** Core parameters. */
    settings: Record<string, number>
    /** Further sockets. */
    listen: string[]
    cases: {
      uri: string
      /** The questions to the name server, in order. */
      asked: string[]
      /** The places that it was sent to; each of them answers 503. */
      went: string[]
      /** Where we do otherwise, and why. */
      ours?: { why: string; asked?: string[]; went?: string[] }
    }[]
  }[]
}

/** Requests to dns.* and dst_blocklist.*, and the replies. */
export interface RpcFacts {
  origin: string
  zone: string[]
  settings: Record<string, number>
  exchanges: { request: string; reply: string | null; ours?: { why: string; reply: string } }[]
}
