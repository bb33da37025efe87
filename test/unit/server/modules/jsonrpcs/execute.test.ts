import { describe, expect, test } from 'vitest'
import recorded from '../../../../compat/rpc/json-replies.json' with { type: 'json' }
import { JsonPrinter } from '../../../../../rpc/wire/json-print.ts'
import { execute, readRequest } from '../../../../../server/modules/jsonrpcs/execute.ts'
import { callerBy } from '../../../../../server/modules/jsonrpcs/jsonrpcs.ts'
import cfgRpc from '../../../../../server/modules/cfg_rpc/cfg_rpc.module.ts'
import counters from '../../../../../server/modules/counters/counters.module.ts'
import jsonrpcs from '../../../../../server/modules/jsonrpcs/jsonrpcs.module.ts'
import { testModules, withPstn } from '../modules-for-test.ts'

/**
 * Where we differ on purpose: what Kamailio does with these is no use to anybody. Request to what
 * we reply, or where the reply depends on the machine.
 */
const OTHERWISE: Record<string, string> = {
  // It prints the surrogate pair as two broken bytes.
  '\\ud83d\\ude00': '😀',
  // The working directory of the recording.
  '"core.pwd"': process.cwd(),
}

describe('the replies of Kamailio 5.6.3, byte by byte', () => {
  const { core } = testModules(
    [jsonrpcs, cfgRpc, counters],
    [
      ['counters', 'script_counter', 'my.cnt hello counter'],
      ['counters', 'script_counter', 'plain'],
    ],
    withPstn,
  )

  // One after the other: later requests see what earlier ones changed.
  test.for(recorded.exchanges)('$request', async ({ request, reply }) => {
    const read = readRequest(request)
    const outcome =
      read && (await execute(core.rpc, read, callerBy('datagram'), new JsonPrinter(true)))
    const special = Object.keys(OTHERWISE).find(part => request.includes(part))
    if (special === undefined) expect(outcome?.body ?? null).toBe(reply)
    else {
      const text = Buffer.from(outcome!.body, 'latin1').toString('utf8')
      expect(text).toContain(OTHERWISE[special])
    }
  })
})
