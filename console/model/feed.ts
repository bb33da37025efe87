/** What a screen wants to be kept fresh. A feed is asked for only while somebody looks at it. */
import type { Client } from '../../rpc/client/client.ts'
import type { Result } from '../../rpc/contract/index.ts'
import type { Snapshot } from './history.ts'

export interface FeedValues {
  registrations: Result<'ul.dump'>
  transactions: Result<'tm.list'>
  statistics: Result<'ohana.statistics'>
  parameters: Result<'ohana.parameters'>
}
export type PolledFeed = keyof FeedValues
/**
 * Beside the polled ones: lines that nodes send by themselves, and messages fetched from where we
 * stopped.
 */
export type Feed = PolledFeed | 'log' | 'messages'

/** A good answer and when it came (milliseconds since 1970, by our clock). */
export interface Known<T> {
  readonly value: T
  readonly at: number
}

interface Row<F extends PolledFeed> {
  /** Time between two questions; the snapshot says how long the answer will be. */
  everyMs(snapshot: Snapshot | null): number
  ask(client: Client): Promise<FeedValues[F]>
}

/** A list of a hundred thousand contacts is not asked for every three seconds. */
const MS_PER_CONTACT = 2
const LONGEST_MS = 60_000

/** How often a feed is asked, and how. */
export const polls: { readonly [F in PolledFeed]: Row<F> } = {
  registrations: {
    everyMs: snapshot => {
      const contacts = snapshot?.registrations.contacts ?? 0
      return Math.min(LONGEST_MS, 3000 + contacts * MS_PER_CONTACT)
    },
    ask: client => client.call('ul.dump'),
  },
  transactions: { everyMs: () => 1000, ask: client => client.call('tm.list') },
  statistics: { everyMs: () => 2000, ask: client => client.call('ohana.statistics') },
  parameters: { everyMs: () => 3000, ask: client => client.call('ohana.parameters') },
}
export const polledFeeds = Object.keys(polls) as PolledFeed[]

export const MESSAGES_EVERY_MS = 1000
/**
 * One look fetches at most so many messages; a busy node loses some in our list, none in its own
 * memory.
 */
export const MESSAGES_AT_ONCE = 1000
