import { describe, expect, it } from 'vitest'
import { ReloadStage, request } from '../../../../kit/reload-stage.ts'

const MODULES = ['pv', 'xlog', 'sl', 'tm', 'registrar', 'usrloc', 'cfg_rpc']
const config = (more: string, modules: readonly string[] = MODULES): string => `#!KAMAILIO
${modules.map(name => `loadmodule "${name}.so"\n`).join('')}
${more}
`
const ROUTE = 'request_route { exit; }'
const OPTIONS = request('OPTIONS', 'one')

const start = (more: string): Promise<ReloadStage> => ReloadStage.start(config(`${more}\n${ROUTE}`))
const reload = (stage: ReloadStage, more: string) => stage.reload(config(`${more}\n${ROUTE}`))

describe('core parameters', () => {
  it('that are live change, and go back with undo', async () => {
    const stage = await start('debug=2\nmax_while_loops=100')
    const { parameters } = await reload(stage, 'debug=3\nmax_while_loops=200')
    expect(parameters).toEqual([
      { what: 'debug', old: 2, new: 3, at: `${stage.path}:10:1` },
      { what: 'max_while_loops', old: 100, new: 200, at: `${stage.path}:11:1` },
    ])
    expect(stage.core.params).toMatchObject({ debug: 3, max_while_loops: 200 })
    expect(stage.core.log.threshold).toBe(3)
    await stage.rpc('ohana.cfg.undo')
    expect(stage.core.params).toMatchObject({ debug: 2, max_while_loops: 100 })
    expect(stage.core.log.threshold).toBe(2)
  })

  it('go back to their defaults when the config says nothing any more', async () => {
    const stage = await start('max_while_loops=7')
    await reload(stage, '')
    expect(stage.core.params.max_while_loops).toBe(100)
  })

  it('that somebody set by hand stay as he set them', async () => {
    const stage = await start('debug=2')
    await stage.rpc('cfg.set', 'core', 'debug', 4)
    expect(await reload(stage, 'debug=3')).toMatchObject({
      parameters: [],
      kept: [{ what: 'debug', value: 4, config: 3, at: `${stage.path}:10:1` }],
    })
    expect(stage.core.params.debug).toBe(4)
    await stage.rpc('ohana.cfg.undo')
    expect(stage.core.params.debug).toBe(4)
    // Set back to what the config says it is the config's again.
    await stage.rpc('cfg.set', 'core', 'debug', 2)
    await reload(stage, 'debug=1')
    expect(stage.core.params.debug).toBe(1)
  })

  it('that are not live are told of until the node was started with them', async () => {
    const stage = await start('children=4')
    const wanted = [{ what: 'children', old: 4, new: 8, at: `${stage.path}:10:1` }]
    expect((await reload(stage, 'children=8')).restart_needed).toEqual(wanted)
    expect((await reload(stage, 'children=8')).restart_needed).toEqual(wanted)
    expect((await reload(stage, 'children=4')).restart_needed).toEqual([])
    expect(stage.core.params.children).toBe(4)
  })
})

describe('modparams', () => {
  const fr = (ms: number): string => `modparam("tm", "fr_timer", ${ms})`

  it('that are live change; those set by hand stay', async () => {
    const stage = await start(`${fr(5000)}\nmodparam("registrar", "max_expires", 60)`)
    await stage.rpc('cfg.set', 'registrar', 'max_expires', 70)
    const reply = await reload(stage, `${fr(6000)}\nmodparam("registrar", "max_expires", 80)`)
    expect(reply.parameters).toEqual([
      { what: 'tm.fr_timer', old: 5000, new: 6000, at: `${stage.path}:10:28` },
    ])
    expect(reply.kept).toEqual([
      { what: 'registrar.max_expires', value: 70, config: 80, at: `${stage.path}:11:38` },
    ])
    expect(await stage.rpc('cfg.get', 'tm', 'fr_timer')).toBe(6000)
    await reload(stage, '')
    expect(await stage.rpc('cfg.get', 'tm', 'fr_timer')).toBe(30000)
  })

  it('that are not live are told of', async () => {
    const stage = await start('modparam("usrloc", "db_mode", 0)')
    const reply = await reload(stage, 'modparam("usrloc", "timer_interval", 20)')
    expect(reply.parameters).toEqual([])
    expect(reply.restart_needed).toEqual([
      { what: 'usrloc.timer_interval', old: null, new: 20, at: `${stage.path}:10:38` },
      { what: 'usrloc.db_mode', old: 0, new: null, at: `${stage.path}:10:31` },
    ])
  })
})

describe('runtime parameters of the config', () => {
  const get = (stage: ReloadStage, name: string) => stage.rpc('cfg.get', 'pstn', name)

  it('are there when they are new, and follow the config', async () => {
    const stage = await start('pstn.gw = "one" desc "gateway"')
    const reply = await reload(stage, 'pstn.gw = "two" desc "the gateway"\npstn.gw_port = 5060')
    expect(reply.parameters).toEqual([
      { what: 'pstn.gw', old: 'one', new: 'two', at: `${stage.path}:10:1` },
      { what: 'pstn.gw_port', old: null, new: 5060, at: `${stage.path}:11:1` },
    ])
    expect(await get(stage, 'gw')).toBe('two')
    expect(await get(stage, 'gw_port')).toBe(5060)
    expect(stage.core.cfg.variable('pstn', 'gw')).toMatchObject({
      default: 'two',
      doc: 'the gateway',
    })
  })

  it('keep what somebody set, and reset goes back to the new config', async () => {
    const stage = await start('pstn.gw_port = 1')
    await stage.rpc('cfg.set', 'pstn', 'gw_port', 9)
    const { kept } = await reload(stage, 'pstn.gw_port = 2')
    expect(kept).toMatchObject([{ what: 'pstn.gw_port', value: 9, config: 2 }])
    expect(await get(stage, 'gw_port')).toBe(9)
    await stage.rpc('cfg.reset', 'pstn')
    expect(await get(stage, 'gw_port')).toBe(2)
  })

  it('take another kind of value', async () => {
    const stage = await start('pstn.gw = 1')
    await reload(stage, 'pstn.gw = "one"')
    expect(await get(stage, 'gw')).toBe('one')
    await stage.rpc('cfg.set', 'pstn', 'gw', 'two')
    expect(await get(stage, 'gw')).toBe('two')
  })

  it('stay until a restart when the config has them no more', async () => {
    const stage = await start('pstn.gw = "one"')
    const { restart_needed } = await reload(stage, '')
    expect(restart_needed).toEqual([
      { what: 'pstn.gw', old: 'one', new: null, at: `${stage.path}:10:1` },
    ])
    expect(await get(stage, 'gw')).toBe('one')
    await reload(stage, 'pstn.gw = "two"')
    expect(await get(stage, 'gw')).toBe('two')
  })

  it('have instances that come and go', async () => {
    const base = 'pstn.gw = "one"'
    const stage = await start(`${base}\npstn[1].gw = "a"`)
    await reload(stage, `${base}\npstn[1].gw = "b"\npstn[2].gw = "c"`)
    expect([1, 2].map(n => stage.core.cfg.get('pstn', 'gw', n))).toEqual(['b', 'c'])
    await reload(stage, `${base}\npstn[2].gw = "c"`)
    expect([1, 2].map(n => stage.core.cfg.get('pstn', 'gw', n))).toEqual(['one', 'c'])
  })
})

describe('names and sockets', () => {
  it('an alias comes and goes', async () => {
    const more = 'debug=1'
    const stage = await start(more)
    const mine = (): boolean => stage.core.sockets.isMyself('new.example.org', 5060, 0)
    expect(mine()).toBe(false)
    const { parameters } = await reload(stage, `${more}\nalias="new.example.org"`)
    expect(parameters).toMatchObject([{ what: 'alias new.example.org', old: null, new: 'ours' }])
    expect(mine()).toBe(true)
    await stage.rpc('ohana.cfg.undo')
    expect(mine()).toBe(false)
  })

  it('a socket needs a restart', async () => {
    const stage = await start('listen=udp:127.0.0.1:5060')
    const { restart_needed } = await reload(stage, 'listen=udp:127.0.0.1:5070')
    expect(restart_needed).toEqual([
      {
        what: 'listen udp:127.0.0.1:5070',
        old: null,
        new: 'listening',
        at: `${stage.path}:10:8`,
      },
      {
        what: 'listen udp:127.0.0.1:5060',
        old: 'listening',
        new: null,
        at: `${stage.path}:10:8`,
      },
    ])
  })

  it('flags have their new numbers in the new routes', async () => {
    const routes = 'request_route { setflag(F); xlog("$mf\\n"); }'
    const stage = await ReloadStage.start(config(`flags F:1\n${routes}`))
    expect(stage.logged(OPTIONS)).toEqual(['2'])
    const { parameters } = await stage.reload(config(`flags F:3\n${routes}`))
    expect(parameters).toMatchObject([{ what: 'flag F', old: 1, new: 3 }])
    expect(stage.logged(OPTIONS)).toEqual(['8'])
  })
})

describe('modules', () => {
  const few = ['pv', 'xlog']

  it('that the new routes need join the node, with their parameters', async () => {
    const stage = await ReloadStage.start(config(ROUTE, few))
    const reply = await stage.reload(
      config(
        'modparam("maxfwd", "max_limit", 9)\n' +
          'request_route { mf_process_maxfwd_header("70"); xlog("$mf\\n"); }',
        [...few, 'maxfwd'],
      ),
    )
    expect(reply).toMatchObject({ reloaded: true, modules: ['maxfwd'], restart_needed: [] })
    expect(stage.logged(OPTIONS)).toEqual(['0'])
    expect(await stage.rpc('ohana.cfg.diff')).toMatchObject({ same: true, modules: [] })
  })

  it('bring their commands, statistics and runtime parameters', async () => {
    const stage = await ReloadStage.start(config(ROUTE, few))
    expect(stage.core.rpc.find('tm.stats')).toBeNull()
    await stage.reload(config(ROUTE, [...few, 'tm']))
    expect(await stage.rpc('tm.stats')).toMatchObject({ current: 0 })
    expect(stage.core.cfg.get('tm', 'fr_timer')).toBe(30000)
  })

  it('without which another one was made are refused with a sentence', async () => {
    const stage = await ReloadStage.start(config(ROUTE, [...few, 'sl']))
    const reply = await stage.reload(config(ROUTE, [...few, 'sl', 'tm']))
    expect(reply).toMatchObject({
      reloaded: false,
      generation: 1,
      refused: 'module tm needs a restart: module sl was made without tm and would not use it',
      modules: ['tm'],
    })
    expect(stage.host.names()).not.toContain('tm')
  })

  it('that do not start leave nothing behind', async () => {
    const stage = await ReloadStage.start(config(ROUTE, few))
    const before = Object.entries(stage.core.hooks)
    const commands = [...stage.core.rpc.names()]
    const groups = stage.core.cfg.groupNames()
    const reply = await stage.reload(
      config(`modparam("ctl", "binrpc", "unix:/nowhere/at/all")\n${ROUTE}`, [...few, 'tm', 'ctl']),
    )
    expect(reply).toMatchObject({
      reloaded: false,
      refused: expect.stringContaining('/nowhere/at/all'),
    })
    expect(stage.host.names()).toEqual(['core', ...few])
    expect(Object.entries(stage.core.hooks)).toEqual(before)
    expect(stage.core.rpc.names()).toEqual(commands)
    expect(stage.core.cfg.groupNames()).toEqual(groups)
    expect(stage.core.registry.function('t_relay')).toBeNull()
    expect(await stage.reload(config(ROUTE, [...few, 'tm']))).toMatchObject({ reloaded: true })
  })

  it('stay when the config drops them, until a restart', async () => {
    const stage = await ReloadStage.start(config(ROUTE, [...few, 'sl']))
    const { restart_needed } = await stage.reload(config(ROUTE, few))
    expect(restart_needed).toEqual([
      { what: 'loadmodule sl', old: 'loaded', new: null, at: `${stage.path}:4:1` },
    ])
    expect(stage.host.names()).toContain('sl')
  })

  it('that they need must be in the config too', async () => {
    const stage = await ReloadStage.start(config(ROUTE, few))
    const reply = await stage.reload(config(ROUTE, [...few, 'registrar']))
    expect(reply.reloaded).toBe(false)
    expect(reply.diagnostics.map(({ text }) => text).join()).toContain('usrloc')
  })
})
