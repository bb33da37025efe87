import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { Fault } from '../../../../../rpc/faults.ts'
import { ReloadStage, request } from '../../../../kit/reload-stage.ts'

const config = (routes: string, more = ''): string => `#!KAMAILIO
debug=2
${more}
loadmodule "pv.so"
loadmodule "xlog.so"
loadmodule "sl.so"
${routes}
`
const says = (text: string): string => `request_route { xlog("${text}\\n"); }`
const OPTIONS = request('OPTIONS', 'one')

const said = (stage: ReloadStage): string[] => stage.logged(OPTIONS)

describe('a reload', () => {
  it('gives the next message the new routes', async () => {
    const stage = await ReloadStage.start(config(says('old')))
    expect(said(stage)).toEqual(['old'])
    expect(await stage.reload(config(says('new')))).toMatchObject({
      reloaded: true,
      generation: 2,
      routes: { added: [], removed: [], changed: ['request_route'] },
    })
    expect(said(stage)).toEqual(['new'])
  })

  it('of a config with errors changes nothing and tells all of them', async () => {
    const stage = await ReloadStage.start(config(says('old')))
    const reply = await stage.reload(config('request_route {\n  nope();\n  xlgo("x");\n}'))
    expect(reply).toMatchObject({
      reloaded: false,
      generation: 1,
      refused: 'the config has errors',
    })
    expect(reply.diagnostics.map(({ line, col, code, text }) => [line, col, code, text])).toEqual([
      [8, 3, 'CFG_UNKNOWN_FUNCTION', expect.stringContaining('nope')],
      [9, 3, 'CFG_UNKNOWN_FUNCTION', expect.stringContaining('xlgo')],
    ])
    expect(reply.diagnostics[1]).toMatchObject({
      file: stage.path,
      severity: 'error',
      source: '  xlgo("x");',
      hint: expect.stringContaining('xlog'),
    })
    expect(said(stage)).toEqual(['old'])
  })

  it('names routes that are new, gone or other, whatever their place and comments', async () => {
    const before = 'route[A] { exit; }\nroute[B] { xlog("b\\n"); }\nroute[C] { drop; }'
    const after = '\n# moved\nroute[C] { drop; }\nroute[B] { xlog("b!\\n"); }\nroute[D] { exit; }'
    const stage = await ReloadStage.start(config(`${says('x')}\n${before}`))
    const { routes } = await stage.reload(config(`${says('x')}\n${after}`))
    expect(routes).toEqual({ added: ['route[D]'], removed: ['route[A]'], changed: ['route[B]'] })
  })

  it('keeps the values of $var(x)', async () => {
    const counts = 'request_route { $var(n) = $var(n) + 1; xlog("$var(n)\\n"); }'
    const stage = await ReloadStage.start(config(counts))
    expect([said(stage), said(stage)]).toEqual([['1'], ['2']])
    await stage.reload(config(`request_route { $var(m) = 7; xlog("$var(n) $var(m)\\n"); }`))
    expect(said(stage)).toEqual(['2 7'])
    await stage.rpc('ohana.cfg.undo')
    expect(said(stage)).toEqual(['3'])
  })

  it('takes in what the preprocessor makes of it', async () => {
    const text = config(
      '#!ifdef LOUD\n#!define WORD "loud"\n#!endif\nrequest_route { xlog(WORD); }',
    )
    const stage = await ReloadStage.start(text, ['-A', 'LOUD'])
    await stage.reload(text.replace('"loud"', '"LOUD"'))
    expect(said(stage)).toEqual(['LOUD'])
  })

  it('gives $def(name) the defines of the generation that runs', async () => {
    const text = (word: string): string =>
      config(`#!define WORD ${word}\nrequest_route { xlog("$def(WORD)\\n"); }`)
    const stage = await ReloadStage.start(text('one'))
    await stage.reload(text('two'))
    expect(said(stage)).toEqual(['two'])
    await stage.rpc('ohana.cfg.undo')
    expect(said(stage)).toEqual(['one'])
  })

  it('gives the log another prefix', async () => {
    const stage = await ReloadStage.start(config(says('x'), 'log_prefix="[$rm] "'))
    expect(said(stage)).toEqual(['[OPTIONS] x'])
    const { parameters } = await stage.reload(config(says('x'), 'log_prefix="<$ci> "'))
    expect(parameters).toEqual([
      { what: 'log_prefix', old: '[$rm] ', new: '<$ci> ', at: `${stage.path}:3:1` },
    ])
    expect(said(stage)).toEqual(['<one> x'])
    await stage.reload(config(says('x')))
    expect(said(stage)).toEqual(['x'])
  })

  it('is refused when the new prefix is none', async () => {
    const stage = await ReloadStage.start(config(says('x')))
    const { reloaded, refused } = await stage.reload(config(says('y'), 'log_prefix="$nope(x) "'))
    expect({ reloaded, refused }).toEqual({
      reloaded: false,
      refused: expect.stringContaining('nope'),
    })
    expect(said(stage)).toEqual(['x'])
  })

  it('gives modules the event routes that are there now', async () => {
    const answers = 'request_route { sl_send_reply("200", "OK"); }'
    const event = 'event_route[sl:local-response] { xlog("sent\\n"); }'
    const stage = await ReloadStage.start(config(answers))
    expect(said(stage)).toEqual([])
    await stage.reload(config(`${answers}\n${event}`))
    expect(said(stage)).toEqual(['sent'])
    await stage.reload(config(`${answers}\n${event.replace('sent', 'gone out')}`))
    expect(said(stage)).toEqual(['gone out'])
    await stage.rpc('ohana.cfg.undo')
    expect(said(stage)).toEqual(['sent'])
  })

  it('finds included files where the first one was found, wherever the node has gone', async () => {
    const before = process.cwd()
    const folder = mkdtempSync(join(tmpdir(), 'ohana-include-'))
    onTestFinished(() => {
      process.chdir(before)
      rmSync(folder, { recursive: true })
    })
    writeFileSync(join(folder, 'routes.cfg'), says('included'))
    process.chdir(folder)
    const stage = await ReloadStage.start(config('include_file "routes.cfg"'))
    process.chdir('/')
    expect(await stage.rpc('ohana.cfg.reload')).toMatchObject({ reloaded: true })
    expect(said(stage)).toEqual(['included'])
  })

  it('does not begin while another one is at work', async () => {
    const stage = await ReloadStage.start(config(says('old')))
    const first = stage.reload(config(says('new')))
    await expect(stage.rpc('ohana.cfg.reload')).rejects.toThrow('another reload is under way')
    await expect(stage.rpc('ohana.cfg.undo')).rejects.toThrow(Fault)
    expect(await first).toMatchObject({ reloaded: true })
    expect(stage.generations.current).toBe(2)
  })

  it('says in the log who asked', async () => {
    const stage = await ReloadStage.start(config(says('x')))
    await stage.rpc('ohana.cfg.reload', 'jane@desk')
    await stage.reload('nonsense')
    expect(stage.lines).toEqual([
      'config generation 2 in force: reload by jane@desk (unix)',
      'reload by unix refused: the config has errors',
    ])
  })
})

describe('undo', () => {
  it('brings the generation before back, and what it undid with the next undo', async () => {
    const stage = await ReloadStage.start(config(says('old')))
    await stage.reload(config(says('new')))
    // What stands in the file by now does not matter.
    stage.write('nonsense')
    expect(await stage.rpc('ohana.cfg.undo')).toMatchObject({
      generation: 1,
      undone: 2,
      routes: { changed: ['request_route'] },
    })
    expect(said(stage)).toEqual(['old'])
    expect(await stage.rpc('ohana.cfg.undo')).toMatchObject({ generation: 2, undone: 1 })
    expect(said(stage)).toEqual(['new'])
  })

  it('has nothing to do after the start', async () => {
    const stage = await ReloadStage.start(config(says('old')))
    const undo = stage.rpc('ohana.cfg.undo')
    await expect(undo).rejects.toThrow('there is no generation to go back to')
    await expect(undo).rejects.toMatchObject({ code: 404 })
  })
})

describe('the history', () => {
  it('tells what came into force, when, by whom and through which door', async () => {
    const stage = await ReloadStage.start(config(says('old')))
    stage.pass(1000)
    stage.write(config(`${says('new')}\nroute[A] { exit; }`))
    await stage.rpc('ohana.cfg.reload', 'jane@desk')
    stage.pass(1000)
    await stage.rpc('ohana.cfg.undo', 'joe@desk')
    const history = await stage.rpc('ohana.cfg.history')
    const start = stage.core.startedAt
    const files = [stage.path]
    const one = { generation: 1, loaded_at: start, routes: 1, files, hash: history[0]!.hash }
    const two = { generation: 2, loaded_at: start + 1000, routes: 2, files, hash: history[1]!.hash }
    expect(history).toEqual([
      { ...one, action: 'start', at: start, by: '', door: '', in_force: false, undo: false },
      {
        ...two,
        action: 'reload',
        at: start + 1000,
        by: 'jane@desk',
        door: 'unix',
        in_force: false,
        undo: true,
      },
      {
        ...one,
        action: 'undo',
        at: start + 2000,
        by: 'joe@desk',
        door: 'unix',
        in_force: true,
        undo: false,
      },
    ])
    expect(one.hash).toMatch(/^[0-9a-f]{64}$/)
    expect(two.hash).not.toBe(one.hash)
  })

  it('has the same hash for the same text, whatever the comments and blanks', async () => {
    const stage = await ReloadStage.start(config(says('x')))
    await stage.reload(`${config(says('x')).replace('{', '{\n\n  # here\n  ')}/* end */`)
    const hashes = (await stage.rpc('ohana.cfg.history')).map(({ hash }) => hash)
    expect(hashes[0]).toBe(hashes[1])
  })
})

describe('check and diff', () => {
  it('look and change nothing', async () => {
    const stage = await ReloadStage.start(config(says('old')))
    stage.write(config(`${says('new')}\nroute[A] { exit; }`, 'children=3'))
    expect(await stage.rpc('ohana.cfg.check')).toMatchObject({
      good: true,
      generation: 1,
      routes: 2,
      files: [stage.path],
      diagnostics: [],
    })
    expect(await stage.rpc('ohana.cfg.diff')).toEqual({
      same: false,
      good: true,
      generation: 1,
      diagnostics: [],
      routes: { added: ['route[A]'], removed: [], changed: ['request_route'] },
      modules: [],
      parameters: [],
      kept: [],
      restart_needed: [{ what: 'children', old: null, new: 3, at: `${stage.path}:3:1` }],
    })
    expect(said(stage)).toEqual(['old'])
    expect(await stage.rpc('ohana.cfg.history')).toHaveLength(1)
  })

  it('say that a reload would change nothing', async () => {
    const stage = await ReloadStage.start(config(says('x')))
    expect(await stage.rpc('ohana.cfg.diff')).toMatchObject({ same: true, good: true })
  })

  it('tell of a config that is none, and of one that is not there', async () => {
    const stage = await ReloadStage.start(config(says('x')))
    stage.write('request_route {')
    expect(await stage.rpc('ohana.cfg.check')).toMatchObject({
      good: false,
      hash: '',
      diagnostics: [{ severity: 'error', file: stage.path }],
    })
    stage.remove()
    expect(await stage.rpc('ohana.cfg.diff')).toMatchObject({
      same: false,
      good: false,
      refused: 'the config has errors',
      diagnostics: [{ code: 'CFG_FILE', file: stage.path }],
    })
  })
})
