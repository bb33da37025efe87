// fr_timer_avp: what the real Kamailio takes, refuses and passes over.
import { expect, test } from 'vitest'
import type { Tm } from '../../../../../server/modules/tm/tm.ts'
import { Bench } from '../../../../kit/bench.ts'

const started = (name: string): Promise<Bench> =>
  Bench.start(`loadmodule "tm.so"
loadmodule "pv.so"
modparam("tm", "fr_timer_avp", "${name}")
request_route { exit; }
`)

test.each(['$avp(x)', '$avp(s:x)', '$avp(i:708)'])('%s is looked at', async name => {
  const { host } = await started(name)
  expect((host.instance('tm') as Tm).timerAvp?.text).toBe(name)
  await host.stop()
})

test.each(['x', 'i:708', 's:x'])('%s has no effect', async name => {
  const { host } = await started(name)
  expect((host.instance('tm') as Tm).timerAvp).toBe(null)
  await host.stop()
})

test.each(['$var(x)', '$avp', '$foo'])('%s is refused', async name => {
  await expect(started(name)).rejects.toThrow(`malformed or non AVP ${name} AVP definition`)
})
