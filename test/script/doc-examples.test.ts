// The examples of Kamailio's manuals, for the modules that are here: what the real Kamailio accepts
// must be accepted. Some are wrong in the manual itself; test/compat/doc-examples has what it says
// of those.
import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import type { Api } from '../../server/core/module/index.ts'
import { modules } from '../../server/modules/index.ts'
import { diagnosticsText, load } from '../../server/script/index.ts'
import {
  type Example,
  exampleConfig,
  examples,
  examplesAreThere,
  examplesPlace,
} from '../kit/doc-examples.ts'
import { compileLoaded } from '../kit/script-check.ts'

const REFUSED = JSON.parse(
  readFileSync(new URL('../compat/doc-examples/refused.json', import.meta.url), 'utf8'),
) as Record<string, string>

/** Examples that `kamailio -c` takes and we do not: why. */
const REASONS: Record<string, string> = {
  'htable | Set htable parameter': 'tables are not replicated by DMQ yet',
  ...Object.fromEntries(
    ['load', 'delete'].map(name => [
      `avpops | avp_db_${name} usage`,
      'Kamailio refuses $uuid, $(i:678) and i: when it starts',
    ]),
  ),
  ...Object.fromEntries(
    ['xdbg', 'xinfo', 'xnotice', 'xwarn', 'xerr', 'xbug', 'xcrit', 'xalert'].map(name => [
      `xlog | ${name} usage`,
      '$Cbx is no variable: Kamailio refuses it when it starts',
    ]),
  ),
  ...Object.fromEntries(
    ['set_dlg_profile', 'unset_dlg_profile', 'is_in_profile', 'get_profile_size']
      .concat('dlg_set_timeout_by_profile')
      .map(name => [
        `dialog | ${name} usage`,
        'no parameter defines its profiles: Kamailio refuses them when it starts',
      ]),
  ),
}

const names = Object.keys(modules)

/** Loads what the wanted modules need as well: examples do not say it. */
async function withNeeds(text: string): Promise<string> {
  const wanted = load('example.cfg', { read: () => text }).modules.map(({ name }) => name)
  const added: string[] = []
  for (const name of wanted) {
    if (!Object.hasOwn(modules, name)) continue
    const { needs } = (await modules[name]!()).default
    for (const { module, optional } of Object.values(needs as Record<string, Api<unknown>>))
      if (!optional && !wanted.includes(module)) {
        wanted.push(module)
        added.push(`loadmodule "${module}.so"\n`)
      }
  }
  return added.join('') + text
}

/** The errors of an example, '' when it is good. */
async function complaints(example: Example): Promise<string> {
  const text = await withNeeds(exampleConfig(example))
  const loaded = load('example.cfg', { read: path => (path === 'example.cfg' ? text : null) })
  const { diagnostics } = await compileLoaded(loaded)
  const errors = diagnostics.filter(({ severity }) => severity === 'error')
  return errors.length === 0 ? '' : `${example.key}\n${diagnosticsText(errors)}`
}

const ours = examples().filter(({ module }) => names.includes(module))

describe('examples of the manuals', () => {
  it('are beside the project', context => {
    if (!examplesAreThere) context.skip(`${examplesPlace} is not there: no example was checked`)
    expect(ours.length).toBeGreaterThan(800)
  })

  it('are accepted when the real Kamailio accepts them, or there is a reason', async context => {
    if (!examplesAreThere) context.skip(`${examplesPlace} is not there: no example was checked`)
    const good = ours.filter(({ key }) => REFUSED[key] === undefined)
    expect(good.length).toBeGreaterThan(600)
    const refused: string[] = []
    const excused = new Set<string>()
    for (const example of good) {
      const said = await complaints(example)
      if (said !== '' && example.key in REASONS) excused.add(example.key)
      else if (said !== '') refused.push(said)
    }
    expect(refused.join('\n')).toBe('')
    expect(Object.keys(REASONS).filter(key => !excused.has(key))).toEqual([])
  })
})
