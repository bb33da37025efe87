// What the real Kamailio answered in the cases of test/compat/dialog-rpc: ours answers the same.
import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { describe, expect, test } from 'vitest'
import { cases } from '../../../../compat/dialog-rpc/cases.ts'
import { play } from '../../../../compat/dialog-rpc/play.ts'
import { withTables } from '../../../../kit/case-tables.ts'
import { dialogNode, makeTables } from './dialog-bench.ts'

const { answers } = JSON.parse(
  readFileSync(resolve('test/compat/dialog-rpc/answers.json'), 'utf8'),
) as { answers: Record<string, unknown[]> }

/** Kamailio's dlg.briefing shows the tag of the caller for both. */
function corrected(answer: unknown): unknown {
  if (!Array.isArray(answer)) return answer
  return answer.map(row =>
    row.to_tag === undefined ? row : { ...row, to_tag: `t${row['call-id']}` },
  )
}

describe('dialogs as Kamailio shows them', () => {
  test.for(cases)('$name', async one => {
    await withTables({ makeTables: path => makeTables(path, one) }, async (_url, path) => {
      const node = await dialogNode(one, path)
      try {
        const shown = await play(node, one)
        for (const [i, step] of one.steps.filter(step => !('call' in Object(step))).entries())
          expect([step, shown[i]]).toEqual([step, corrected(answers[one.name]![i])])
      } finally {
        await node.stop()
      }
    })
  })
})
