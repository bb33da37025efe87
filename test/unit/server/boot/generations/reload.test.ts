import { describe, expect, it } from 'vitest'
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
})
