// A database for kamctl without the process that has the drivers.
import { DatabaseError, type OpenDatabase } from '../../ctl/database/agent.ts'
import type { DbOutcome, DbStatement } from '../../rpc/database.ts'
import { failureOf, openDatabase, run } from '../../server/boot/database-service.ts'

async function told<T>(work: Promise<T>): Promise<T> {
  try {
    return await work
  } catch (error) {
    const { failure, text } = failureOf(error)
    throw new DatabaseError(failure, text)
  }
}

export const openInProcess: OpenDatabase = async url => {
  const { db, databases } = await told(openDatabase(url))
  const all = (statements: readonly DbStatement[], together: boolean): Promise<DbOutcome[]> =>
    told(run(db, { id: 0, statements, together }))
  return {
    run: async statement => (await all([statement], false))[0]!,
    together: statements => all(statements, true),
    async *pages(select, size) {
      for await (const page of db.pages(select, size)) yield { ...page, affected: -1 }
    },
    close: () => databases.close(),
  }
}
