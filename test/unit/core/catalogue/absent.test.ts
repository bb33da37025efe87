// A module that is not here, in a node that was told to do without it.
import { describe, expect, it } from 'vitest'
import { absentModule } from '../../../../server/core/catalogue/absent.ts'
import { knownModule } from '../../../../server/core/catalogue/catalogue.ts'
import { type AnyModule, type Api, defineModule } from '../../../../server/core/module/index.ts'
import { REQUEST_ROUTE } from '../../../../server/core/route-bits.ts'
import pv from '../../../../server/modules/pv/pv.module.ts'
import { stage } from '../../../kit/script-stage.ts'

const dispatcher = absentModule(knownModule('dispatcher')!)
const htable = absentModule(knownModule('htable')!)

const CONFIG = `request_route {
  if (ds_select_dst("1", "4")) exit;
  $var(code) = $rc;
  $sht(a=>x) = 5;
  $var(value) = $sht(a=>x);
  ds_mark_dst();
}
`

describe('a module that is not here', () => {
  const on = (): ReturnType<typeof stage> => stage(CONFIG, pv, dispatcher, htable)
  const pass = ({ core, message }: ReturnType<typeof stage>): void => {
    core.routes.runNow(core.routes.request!, message(), REQUEST_ROUTE)
  }

  it('fails each call, and says which, where and for which call', () => {
    const scene = on()
    pass(scene)
    expect(scene.lines.filter(line => line.includes('()'))).toEqual([
      'ds_select_dst() fails: module dispatcher is not here yet (test.cfg:2, Call-ID stage)',
      'ds_mark_dst() fails: module dispatcher is not here yet (test.cfg:6, Call-ID stage)',
    ])
  })

  it('does not repeat itself with each message', () => {
    const scene = on()
    pass(scene)
    const { length } = scene.lines
    pass(scene)
    expect(scene.lines).toHaveLength(length)
  })

  it('gives no value to its variables, and says so once', () => {
    const scene = on()
    pass(scene)
    expect(scene.lines.filter(line => line.includes('$sht'))).toEqual([
      '$sht is $null: module htable is not here yet',
    ])
    const { vars } = scene.core
    expect(vars.values[vars.slot('value')]).toBe(0)
  })

  it('is no module to those that would work with it', () => {
    let given: unknown
    class Friend {
      constructor({ apis }: { apis: { other: object | null } }) {
        given = apis.other
      }
    }
    const other: Api<object | null> = { module: 'htable', optional: true }
    const friend = defineModule({
      name: 'friend',
      doc: 'Works with htable.',
      needs: { other },
      params: {},
      instance: Friend as never,
    })
    stage(CONFIG, pv, dispatcher, htable, friend as AnyModule)
    expect(given).toBeNull()
  })
})
