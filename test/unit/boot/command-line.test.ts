// What the program prints and with which code it ends, when it is asked about a config and not to
// run it.
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

const MAIN = new URL('../../../server/boot/main.ts', import.meta.url).pathname

let folder = ''
const at = (name: string): string => join(folder, name)

interface Run {
  readonly code: number | null
  readonly out: string
  readonly err: string
}

const run = (...args: string[]): Run => runWith('', args)

/** With something at its standard input. */
function runWith(input: string, args: readonly string[]): Run {
  const env = { ...process.env, NO_COLOR: '' }
  const { status, stdout, stderr } = spawnSync(process.execPath, [MAIN, ...args], {
    encoding: 'utf8',
    env,
    cwd: folder,
    input,
    maxBuffer: 16 * 1024 * 1024,
  })
  return { code: status, out: stdout, err: stderr }
}

const CONFIGS: Record<string, string> = {
  'good.cfg': 'loadmodule "sl.so"\nrequest_route { sl_send_reply("200", "OK"); }\n',
  'bad.cfg': 'include_file "inner.cfg"\ndebugg=3\nrequest_route { exit; }\n',
  'inner.cfg': 'loadmodule "sl.so"\nroute[A] { sl_send_repl("200", "OK"); }\n',
  'defined.cfg': '#!ifdef WITH_X\nbroken broken\n#!endif\nrequest_route { exit; }\n',
  'replaced.cfg':
    'loadmodule "xlog.so"\n' +
    'request_route { xlog("L_INFO", "at VARIABLE"); xlog("L_INFO", LEVEL); }\n',
  'later.cfg': '#!define A 1\n#!undef A\nrequest_route { exit; }\n',
  'empty.cfg': 'request_route { exit; }\n',
  'parts.cfg':
    '#!define A 1\n#!ifdef A\n# counts\ndebug=A\n#!else\ndebug=2\n#!endif\n' +
    'include_file "inner.cfg"\n#!ifdef NEVER\nx=1\n#!endif\nimport_file "nothere.cfg"\n' +
    'request_route { exit; } # end\n',
  'missing.cfg': 'loadmodule "in_house.so"\nrequest_route { in_house_call("x"); exit; }\n',
}

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'command-line-'))
  for (const [name, text] of Object.entries(CONFIGS)) writeFileSync(at(name), text)
})
afterAll(() => rmSync(folder, { recursive: true }))

describe('-f -', () => {
  it('reads the config from the standard input', () => {
    const config = 'include_file "inner.cfg"\nrequest_route { exit; }\n'
    const { code, err } = runWith(config, ['-c', '-f', '-'])
    expect(code).toBe(255)
    expect(err).toContain('inner.cfg:2:12: error: unknown command sl_send_repl')
  })
})

describe('-c', () => {
  it('says that a good config is good, in words of Kamailio', () => {
    expect(run('-c', '-f', 'good.cfg')).toEqual({
      code: 0,
      out: '',
      err: 'config file ok, exiting...\n',
    })
  })

  it('says all that is wrong, and ends with 255', () => {
    const { code, err } = run('-c', '-f', 'bad.cfg')
    expect(code).toBe(255)
    expect(err.replaceAll(folder, '')).toBe(
      [
        '/bad.cfg:2:1: error: unknown config variable debugg [CFG_UNKNOWN_PARAM]',
        ' 2 | debugg=3',
        '   | ^^^^^^^^',
        "   = hint: did you mean 'debug'?",
        'inner.cfg:2:12: error: unknown command sl_send_repl, missing loadmodule? ' +
          '[CFG_UNKNOWN_FUNCTION]',
        ' 2 | route[A] { sl_send_repl("200", "OK"); }',
        '   |            ^^^^^^^^^^^^^^^^^^^^^^^^^',
        '   = included from /bad.cfg:1:14',
        "   = hint: did you mean 'sl_send_reply' or 'send_reply'?",
        'ERROR: bad config file (2 errors)',
        '',
      ].join('\n'),
    )
  })

  it('ends with 255 when there is no such file', () => {
    const { code, err } = run('-c', '-f', 'nowhere.cfg')
    expect(code).toBe(255)
    expect(err).toContain(`cannot read ${at('nowhere.cfg')}`)
  })

  it('takes -A', () => {
    expect(run('-c', '-f', 'defined.cfg').code).toBe(0)
    expect(run('-c', '-A', 'WITH_X', '-f', 'defined.cfg').code).toBe(255)
  })

  it('takes --subst and --substdef, and shows what became of the text', () => {
    const args = ['-c', '-f', 'replaced.cfg', '--substdef', '/LEVEL/"x"/']
    expect(run(...args).code).toBe(0)
    const { code, err } = run(...args, '--subst', '/VARIABLE/$nope/')
    expect(code).toBe(255)
    expect(err).toContain('= after #!subst it reads: at $nope')
    expect(run('-c', '-f', 'good.cfg', '--subst', 'abc').err).toContain(
      '<command line>:1:1: error: "abc" is no substitution [CFG_SUBSTITUTION]',
    )
  })

  it('refuses what only Kamailio 6 has with --strict-5.6', () => {
    expect(run('-c', '-f', 'later.cfg').code).toBe(0)
    const { code, err } = run('-c', '--strict-5.6', '-f', 'later.cfg')
    expect(code).toBe(255)
    expect(err).toContain('[CFG_ONLY_6]')
  })

  it('ends with 0 and warnings for a module that is missing with --allow-missing', () => {
    expect(run('-c', '-f', 'missing.cfg').code).toBe(255)
    const { code, err } = run('-c', '--allow-missing', '-f', 'missing.cfg')
    expect(code).toBe(0)
    expect(err).toContain('warning: there is no module in_house')
    expect(err).toContain('warning: in_house_call() belongs to module in_house')
    expect(err).toMatch(/config file ok, exiting\.\.\.\n$/)
  })
})

describe('--loadmodule and --modparam', () => {
  const given = (...args: string[]): Run => run('-c', '-f', 'empty.cfg', ...args)

  it('stand above the config', () => {
    const param = '--modparam=tm:fr_timer:i:2000'
    expect(given('--loadmodule=tm.so', param).code).toBe(0)
    const { code, err } = given(param)
    expect(code).toBe(255)
    expect(err).toContain('<command line>:1:1: error: no module matching tm is loaded')
    expect(given('--loadmodule=tm', '--modparam=tm:fr_timer:s:x').code).toBe(255)
  })
})

describe('--cfg-print', () => {
  it('puts includes in place and leaves out what does not count', () => {
    const { code, out } = run('--cfg-print', '-f', 'parts.cfg')
    expect(code).toBe(0)
    // As the real one prints it.
    expect(out).toBe(
      '#!define A 1\n# counts\ndebug=A\nloadmodule "sl.so"\n' +
        'route[A] { sl_send_repl("200", "OK"); }\n\n\nrequest_route { exit; } # end\n',
    )
  })
})

describe('--emit-js', () => {
  it('prints the program with the lines of the config', () => {
    const { code, out, err } = run('--emit-js', '-f', 'good.cfg')
    expect([code, err]).toEqual([0, ''])
    expect(out).toContain('// 2: request_route { sl_send_reply("200", "OK"); }')
    expect(out).toContain('function request_route(m) {')
  })

  it('prints nothing but what is wrong of a bad config', () => {
    const { code, out, err } = run('--emit-js', '-f', 'bad.cfg')
    expect([code, out]).toEqual([255, ''])
    expect(err).toContain('[CFG_UNKNOWN_PARAM]')
  })
})

describe('--explain', () => {
  it('says what a line does', () => {
    const { code, out } = run('--explain', 'good.cfg:2')
    expect(code).toBe(0)
    expect(out).toContain('Answer without a transaction. (module sl)')
  })

  it('finds lines of included files', () => {
    const { code, out, err } = run('--explain', 'inner.cfg:2', '-f', 'bad.cfg')
    expect(code).toBe(0)
    expect(out).toContain('no module that is loaded has this function')
    expect(err).toBe('The config has errors: -c shows them.\n')
  })

  it.each([
    ['good.cfg:9', /has no line 9: it has 3/, 1],
    ['good.cfg:3', /there is no statement on this line/, 1],
    ['defined.cfg:2', /does not count\. It belongs to #!ifdef WITH_X/, 1],
  ])('says why it has nothing to say of %s', (place, sentence, code) => {
    const answer = run('--explain', place)
    expect(answer.out).toMatch(sentence)
    expect(answer.code).toBe(code)
  })

  it('says which files there are when it is asked of another', () => {
    const { code, out } = run('--explain', 'good.cfg:1', '-f', 'bad.cfg')
    expect(code).toBe(1)
    expect(out).toMatch(/good\.cfg is not a part of this config, which consists of .*inner\.cfg/)
  })

  it.each(['good.cfg', 'nowhere.cfg:1'])('ends with 255 when it is asked of %s', place => {
    expect(run('--explain', place).code).toBe(255)
  })
})

describe('--describe', () => {
  it('prints JSON', () => {
    const { code, out } = run('--describe')
    expect(code).toBe(0)
    expect(JSON.parse(out)).toMatchObject({ format: 1, core: {}, modules: expect.any(Array) })
  })
})
