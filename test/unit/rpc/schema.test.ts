import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { checkValue } from '../../../rpc/check.ts'
import { contract, methodOf, type Params, type Result } from '../../../rpc/contract/index.ts'
import { fits } from '../../../rpc/fits.ts'
import {
  either,
  int,
  list,
  map,
  maybe,
  record,
  rest,
  scalar,
  text,
  usage,
} from '../../../rpc/schema.ts'
import { modules } from '../../../server/modules/index.ts'

// As system.listMethods of Debian's Kamailio 5.6.3 names them with its default configuration.
const METHODS = `
cfg.add_group_inst cfg.commit cfg.del cfg.del_delayed cfg.del_group_inst cfg.diff cfg.get
cfg.help cfg.list cfg.reset cfg.rollback cfg.set cfg.set_delayed cfg.set_delayed_int
cfg.set_delayed_string cfg.set_now_int cfg.set_now_string cfg.seti cfg.sets cnt.get
cnt.get_raw cnt.get_vars cnt.grp_get_all cnt.grps_list cnt.help cnt.list_groups
cnt.list_vars cnt.reset cnt.var_list core.aliases_list core.arg core.echo core.flags
core.info core.kill core.modules core.ppdefines core.ppdefines_full core.printi core.prints
core.ps core.psa core.psx core.pwd core.runinfo core.shmmem core.sockets_list core.tcp_info
core.tcp_list core.tcp_options core.udp4_raw_info core.uptime core.version corex.debug
corex.list_aliases corex.list_sockets corex.pkg_summary corex.shm_status corex.shm_summary
ctl.connections ctl.listen ctl.who dns.add_a dns.add_aaaa dns.add_srv dns.debug
dns.debug_all dns.delete_a dns.delete_aaaa dns.delete_all dns.delete_all_force
dns.delete_cname dns.delete_ebl dns.delete_naptr dns.delete_ptr dns.delete_srv
dns.delete_txt dns.lookup dns.mem_info dns.view dst_blocklist.add dst_blocklist.debug
dst_blocklist.delete_all dst_blocklist.mem_info dst_blocklist.view jsonrpc.echo
mod.mem_stats mod.mem_statsx mod.stats pkg.info pkg.stats pv.shvGet pv.shvSet shm.info
shm.report shm.stats sl.stats stats.clear_statistics stats.fetch stats.fetchn
stats.get_statistics stats.reset_statistics system.listMethods system.methodHelp
system.methodSignature tm.cancel tm.clean tm.hash_stats tm.list tm.reply tm.reply_callid
tm.stats tm.t_uac_start tm.t_uac_wait tm.t_uac_wait_block ul.add ul.db_contacts
ul.db_expired_contacts ul.db_users ul.dump ul.flush ul.lookup ul.rm ul.rm_contact
`

describe('the contract', () => {
  const rows = Object.entries(contract)

  test('every method has a sentence, a class, and names for its parameters', () => {
    const mute = rows.filter(
      ([, { doc, params }]) => doc === '' || params.some(param => param.help === ''),
    )
    expect(mute.map(([name]) => name)).toEqual([])
  })

  test('only the last parameters may be left out', () => {
    const odd = rows.filter(([, { params }]) => {
      const kinds = params.map(param => param.kind)
      const firstOptional = kinds.findIndex(kind => kind === 'maybe' || kind === 'rest')
      const after = firstOptional < 0 ? [] : kinds.slice(firstOptional)
      return (
        after.some(kind => kind !== 'maybe' && kind !== 'rest') ||
        (kinds.indexOf('rest') < kinds.length - 1 && kinds.includes('rest'))
      )
    })
    expect(odd.map(([name]) => name)).toEqual([])
  })

  test('every method of Kamailio 5.6.3 with its default configuration is there', () => {
    const wanted = METHODS.trim().split(/\s+/)
    expect(wanted.filter(name => methodOf(name) === undefined)).toEqual([])
  })

  test('every other method is our own or that of a module', async () => {
    const surfaces = await Promise.all(Object.values(modules).map(load => load()))
    const offered = surfaces.flatMap(({ default: { rpc } }) => Object.keys(rpc?.handlers ?? {}))
    const known = new Set([...METHODS.trim().split(/\s+/), ...offered])
    const others = Object.keys(contract).filter(name => !name.startsWith('ohana.'))
    expect(others.filter(name => !known.has(name))).toEqual([])
  })

  test('the manual names every command of our own', () => {
    const manual = readFileSync('rpc/README.md', 'utf8')
    const own = Object.keys(contract).filter(name => name.startsWith('ohana.'))
    expect(own.filter(name => !manual.includes(`\`${name}\``))).toEqual([])
  })

  test('a name that is none is none', () => {
    expect(methodOf('toString')).toBeUndefined()
    expect(methodOf('nosuch.cmd')).toBeUndefined()
  })

  test('usage shows what may be left out', () => {
    expect(usage('ul.dump', contract['ul.dump'])).toBe('ul.dump [brief]')
    expect(usage('core.echo', contract['core.echo'])).toBe('core.echo [value ...]')
    expect(usage('ul.rm', contract['ul.rm'])).toBe('ul.rm table aor')
  })

  test('types: what callers may and may not write', () => {
    const dump: Params<'ul.dump'> = []
    const brief: Params<'ul.dump'> = ['brief']
    const echo: Params<'core.echo'> = ['a', 'b', 'c']
    // @ts-expect-error a parameter is missing
    const lookup: Params<'ul.lookup'> = ['location']
    // @ts-expect-error a number where a text is wanted
    const wrong: Params<'ul.rm'> = ['location', 5]
    const nothing: Result<'ul.rm'> = undefined
    expect([dump, brief, echo, lookup, wrong, nothing]).toHaveLength(6)
  })
})

describe('shapes', () => {
  const shape = record({
    name: text(),
    count: int(),
    more: maybe(list(scalar())),
    either: either(text(), map(int())),
  })

  test.for([
    [{ name: 'a', count: 1, either: 'x' }, true],
    [{ name: 'a', count: 1, either: { x: 1 }, more: ['a', 1] }, true],
    [{ name: 'a', count: 1.5, either: 'x' }, false],
    [{ name: 5, count: 1, either: 'x' }, false],
    [{ name: 'a', count: 1, either: 5 }, false],
    [{ name: 'a', count: 1, either: 'x', more: [true] }, false],
    [{ count: 1, either: 'x' }, false],
    [null, false],
    ['text', false],
  ] as const)('%j: %s', ([value, right]) => {
    expect(fits(shape, value)).toBe(right)
    expect(checkValue(shape, value) === null).toBe(right)
  })

  test('the check says what is wrong', () => {
    expect(checkValue(shape, { name: 'a', count: 'x', either: '' })).toContain('count')
    expect(checkValue(rest(int()), [1, 'x'])).toContain('[1]')
  })

  test('a number that JSON could not hold exactly is no int', () => {
    for (const value of [2 ** 53, -(2 ** 53), 1e300]) {
      expect(fits(int(), value)).toBe(false)
      expect(checkValue(int(), value)).not.toBeNull()
    }
    expect(fits(int(), 2 ** 53 - 1)).toBe(true)
    expect(checkValue(int(), 2 ** 53 - 1)).toBeNull()
  })

  test('check and fits agree on whatever comes', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 3 }), value => {
        // No member of an object that JSON makes: zod passes over it.
        fc.pre(!JSON.stringify(value).includes('__proto__'))
        for (const one of [list(int()), map(text()), either(text(), list(scalar())), scalar()]) {
          expect(fits(one, value)).toBe(checkValue(one, value) === null)
        }
      }),
    )
  })
})
