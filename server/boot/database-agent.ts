/**
 * Answers statements that come as lines on standard input, with the drivers of a node and without a
 * node: kamctl and kamdbctl start it, so that they reach a database the way that a node does, and
 * also while no node runs. It ends when its input ends.
 */
import { createInterface } from 'node:readline'
import {
  type DbReply,
  decode,
  encode,
  type OpenRequest,
  type PagesRequest,
  type RunRequest,
} from '../../rpc/database.ts'
import type { Database } from '../core/db/api.ts'
import { failureOf, openDatabase, run } from './database-service.ts'

const write = (reply: DbReply): void => void process.stdout.write(`${encode(reply)}\n`)

const failure = (id: number, error: unknown): DbReply => ({ id, ...failureOf(error) })

async function answer(db: Database, request: RunRequest | PagesRequest): Promise<void> {
  const { id } = request
  try {
    if ('select' in request)
      for await (const page of db.pages(request.select, request.size))
        write({ id, page: { ...page, affected: -1 } })
    write({ id, outcomes: 'select' in request ? [] : await run(db, request) })
  } catch (error) {
    write(failure(id, error))
  }
}

async function main(): Promise<void> {
  const lines = createInterface({ input: process.stdin })[Symbol.asyncIterator]()
  const first = await lines.next()
  if (first.done === true) return
  try {
    const { db, databases } = await openDatabase((decode(first.value) as OpenRequest).url)
    write({ id: 0, outcomes: [] })
    for (let line = await lines.next(); line.done !== true; line = await lines.next())
      await answer(db, decode(line.value) as RunRequest | PagesRequest)
    await databases.close()
  } catch (error) {
    write(failure(0, error))
  }
}

await main()
