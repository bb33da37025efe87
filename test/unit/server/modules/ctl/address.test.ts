import { describe, expect, test } from 'vitest'
import { ctlAddress, fifoAddress } from '../../../../../server/modules/ctl/address.ts'

const at = (transport: string, address: string, port = 0): object => ({ transport, address, port })

describe('where ctl listens', () => {
  test.for([
    ['unix:/run/kamailio/kamailio_ctl', at('unix_stream', '/run/kamailio/kamailio_ctl')],
    ['unixs:/tmp/x', at('unix_stream', '/tmp/x')],
    ['unixd:/tmp/x', at('unix_dgram', '/tmp/x')],
    ['/tmp/x', at('unix_stream', '/tmp/x')],
    ['unix:relative', at('unix_stream', 'relative')],
    ['tcp:localhost:2050', at('tcp', 'localhost', 2050)],
    ['tcp:127.0.0.1', at('tcp', '127.0.0.1', 2049)],
    ['tcp:*:2051', at('tcp', '', 2051)],
    ['tcp:[::1]:2052', at('tcp', '::1', 2052)],
    ['udp:10.0.0.1:2053', at('udp', '10.0.0.1', 2053)],
    ['localhost:2054', at('udp', 'localhost', 2054)],
    ['localhost', at('udp', 'localhost', 2049)],
  ] as const)('%s', ([text, wanted]) => {
    expect(ctlAddress(text)).toEqual(wanted)
  })

  test.for(['unix:', 'tcp:host:0', 'tcp:host:99999', 'tcp:[nonsense]:1', ''])('not %s', text => {
    expect(() => ctlAddress(text)).toThrow('ctl cannot listen on')
  })

  test('the line protocol takes a path for a FIFO', () => {
    expect(fifoAddress('/tmp/f')).toEqual(at('fifo', '/tmp/f'))
    expect(fifoAddress('fifo:/tmp/f')).toEqual(at('fifo', '/tmp/f'))
    expect(fifoAddress('unix:/tmp/s')).toEqual(at('unix_stream', '/tmp/s'))
  })
})
