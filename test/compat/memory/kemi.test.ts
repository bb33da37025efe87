// KSR has every function of these modules that Kamailio's has, with the same types.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import type { KemiExport } from '../../../server/core/kemi/exports.ts'
import { received } from '../../kit/received.ts'
import { Bench } from '../../kit/bench.ts'
import { SipMessage } from '../../../server/sip/message.ts'
import { messageText } from '../pv/facts.ts'
import { FOLDER, KEMI_MODULES } from './facts.ts'

const line = ({ module, name, params, returns }: KemiExport): string =>
  `${module}.${name}(${params.join(', ')}): ${returns}`

const start = (...lines: string[]): Promise<Bench> =>
  Bench.start(
    [
      ...KEMI_MODULES.map(name => `loadmodule "${name}.so"`),
      ...lines,
      'request_route { exit; }\n',
    ].join('\n'),
  )

test('the functions of KSR are those of Kamailio, and more', async () => {
  const text = readFileSync(join(FOLDER, 'kemi', 'exports.json'), 'utf8')
  const { exports: wanted } = JSON.parse(text) as { exports: string[] }
  const { core } = await start()
  const ours = core.kemi.exports().map(line)
  expect(wanted.filter(each => !ours.includes(each))).toEqual([])
})

test('a script uses tables and queues', async () => {
  const { core } = await start(
    'modparam("htable", "htable", "t=>size=4;autoexpire=60;initval=5")',
    'modparam("mqueue", "mqueue", "name=q")',
  )
  const msg = new SipMessage(messageText('sdp'), received({}), 1)
  const call = (name: string, ...args: (string | number)[]): unknown => {
    const [module = '', fn = ''] = name.split('.')
    return core.kemi.find(module, fn)!.call(msg, args)
  }
  expect([call('htable.sht_get', 't', 'a'), call('htable.sht_gete', 'none', 'a')]).toEqual([5, ''])
  expect(call('htable.sht_sets', 't', 'a', 'text')).toBe(1)
  expect(call('htable.sht_setex', 't', 'a', 30)).toBe(1)
  expect(call('htable.sht_seti', 'none', 'a', 1)).toBe(-1)
  expect(call('htable.sht_getw', 't', 'a')).toBe('text')
  expect([call('htable.sht_inc', 't', 'n'), call('htable.sht_dec', 't', 'n')]).toEqual([6, 5])
  expect(call('htable.sht_rm_name_re', 't', '^a')).toBe(1)
  expect(call('htable.sht_rm_value_re', 't', '(')).toBe(-1)
  expect(call('htable.sht_is_null', 'none', 'a')).toBe(1)
  expect(call('htable.sht_lock', 't', 'a')).toBe(1)
  expect(call('htable.sht_unlock', 't', 'a')).toBe(1)
  expect(call('htable.sht_lock', 'none', 'a')).toBe(-1)
  call('mqueue.mq_add', 'q', 'k', 'v')
  expect(call('mqueue.mqk_getw', 'q')).toBe('<null>')
  expect(call('mqueue.mq_fetch', 'q')).toBe(1)
  expect([call('mqueue.mqk_get', 'q'), call('mqueue.mqv_get', 'q')]).toEqual(['k', 'v'])
  expect(call('sdpops.remove_media', 'video')).toBe(1)
  expect(call('sdpops.remove_codecs_by_id', '0', '')).toBe(1)
  expect(call('sdpops.sdp_content')).toBe(1)
  expect(call('ipops.ip_is_in_subnet', '10.0.0.1', '10.0.0.0/8')).toBe(1)
})
