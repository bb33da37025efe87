// Debian's kamcmd asks a node that runs the configuration which Debian ships.
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { KAMAILIO, type SipServer, startServer } from '../../kit/server.ts'

let server: SipServer
beforeAll(async () => {
  server = await startServer()
})
afterAll(() => server.stop())

const ask = (...words: string[]): Promise<string> => server.rpc(...words)
/** As kamcmd prints a structure with one text member to a line. */
const members = (text: string): Record<string, string> =>
  Object.fromEntries([...text.matchAll(/^\s*([^:\n]+): (.*)$/gm)].map(([, k, v]) => [k, v]))

describe('kamcmd', () => {
  test('core.uptime', async () => {
    const { now, up_since, uptime } = members(await ask('core.uptime'))
    const ctime = /^[A-Z][a-z]{2} [A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d \d{4}$/
    expect(now).toMatch(ctime)
    expect(up_since).toMatch(ctime)
    expect(Number(uptime)).toBeLessThan(60)
  })

  test('core.version and the alias ver', async () => {
    const version = await ask('core.version')
    expect(version).toMatch(KAMAILIO ? /^kamailio 5\.6\.3 / : /^ohana \d+\.\d+\.\d+ \(/)
    expect(await ask('ver')).toBe(version)
  })

  test('system.listMethods names every command of the modules of the configuration', async () => {
    const names = (await ask('system.listMethods')).trim().split('\n')
    expect(names).toEqual([...names].sort())
    for (const name of ['core.psx', 'cfg.get', 'ul.dump', 'tm.stats', 'stats.get_statistics']) {
      expect(names).toContain(name)
    }
    expect(await ask('system.methodHelp', 'core.uptime')).toBe('Returns uptime of SIP server.\n')
  })

  test('ps, psx and core.psa tell the process', async () => {
    expect(await ask('ps')).toMatch(/^\d+\tmain process - /)
    expect(members(await ask('core.psx')).PID).toMatch(/^\d+$/)
    expect(await ask('core.psa')).toContain('\tstatus: 1\n')
  })

  test('cfg.list, cfg.get and a change that is seen at once', async () => {
    expect(await ask('cfg.list')).toMatch(/^core: debug$/m)
    expect(await ask('cfg.list', 'maxfwd')).toBe('maxfwd: max_limit\n')
    expect(await ask('cfg.get', 'maxfwd', 'max_limit')).toBe('70\n')
    expect(await ask('cfg.seti', 'maxfwd', 'max_limit', '33')).toBe('')
    expect(await ask('cfg.get', 'maxfwd', 'max_limit')).toBe('33\n')
    const refused = await ask('cfg.set', 'maxfwd', 'max_limit', '300')
    expect(refused).toBe('error: 400 - Failed to set the variable\n')
    expect(await ask('cfg.help', 'maxfwd', 'max_limit')).toContain('(parameter type is integer)')
  })

  test('changes that are prepared, shown, dropped, committed', async () => {
    await ask('cfg.set_delayed', 'maxfwd', 'max_limit', '44')
    const before = await ask('cfg.get', 'maxfwd', 'max_limit')
    expect(members(await ask('cfg.diff'))).toEqual({
      'group name': 'maxfwd',
      'variable name': 'max_limit',
      'old value': before.trim(),
      'new value': '44',
    })
    await ask('cfg.rollback')
    expect(await ask('cfg.diff')).toBe('')
    await ask('cfg.set_delayed', 'maxfwd', 'max_limit', '55')
    await ask('cfg.commit')
    expect(await ask('cfg.get', 'maxfwd', 'max_limit')).toBe('55\n')
  })

  test('stats.get_statistics: all, a group, a bare name', async () => {
    const all = await ask('stats.get_statistics', 'all')
    for (const line of ['core:rcv_requests = ', 'sl:sent_replies = ', 'tmx:UAS_transactions = ']) {
      expect(all).toContain(line)
    }
    const group = (await ask('stats.get_statistics', 'sl:')).trim().split('\n')
    expect(group.every(line => line.startsWith('sl:'))).toBe(true)
    expect(group).toHaveLength(24)
    expect(await ask('stats.get_statistics', 'rcv_replies')).toBe('core:rcv_replies = 0\n')
    expect(await ask('stats.get_statistics', 'nosuch')).toBe('')
  })

  test('cnt.* and what interactive kamcmd asks for completion', async () => {
    const groups = (await ask('cnt.grps_list')).trim().split('\n')
    expect(groups).toEqual(expect.arrayContaining(['core', 'registrar', 'sl', 'tmx', 'usrloc']))
    expect((await ask('cnt.var_list', 'sl')).trim().split('\n')).toContain('sent_replies')
    expect(await ask('cnt.get', 'core', 'rcv_replies')).toBe('0\n')
    expect(await ask('cnt.get', 'core', 'nosuch')).toBe(
      'error: 400 - non-existent counter core.nosuch\n\n',
    )
  })

  test('ul.add, ul.lookup, ul.dump, ul.rm', async () => {
    const add = ['ul.add', 'location', 'carol', 'sip:carol@127.0.0.1:5099', '60', '0.5', '.']
    expect(await ask(...add, '0', '0', '15')).toBe('')
    const contact = members(await ask('ul.lookup', 'location', 'carol'))
    expect(contact).toMatchObject({
      AoR: 'carol',
      Address: 'sip:carol@127.0.0.1:5099',
      Q: '0.500000',
      'User-Agent': 'kamailio SIP Router - RPC Server',
      Methods: '15',
    })
    expect(await ask('ul.dump')).toContain('\tAoR: carol\n')
    expect(await ask('ul.dump', 'brief')).toContain('AoR: carol\n')
    expect(await ask('ul.rm', 'location', 'carol')).toBe('')
    expect(await ask('ul.lookup', 'location', 'carol')).toBe(
      'error: 500 - AOR not found in location table\n',
    )
  })

  test('faults: unknown command, missing and wrong parameters', async () => {
    expect(await ask('nosuch.cmd')).toBe('error: 500 - command nosuch.cmd not found\n')
    expect(await ask('ul.lookup', 'location')).toBe(
      'error: 500 - Not enough parameters (table and AOR to lookup)\n',
    )
    expect(await ask('cfg.seti', 'core', 'debug', 's:x')).toBe(
      "error: 400 - error at parameter 2: expected integer type but record doesn't match type\n",
    )
  })

  test('who and listen', async () => {
    const path = server.control.replace('unixs:', '')
    const us = `binrpc\nunix_stream\n<anonymous unix socket>\n\n${path}\n`
    expect(await ask('ctl.who')).toContain(us)
    expect(await ask('ctl.listen')).toBe(`binrpc\nunix_stream\n${path}\n\n`)
  })
})
