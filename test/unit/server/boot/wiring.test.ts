// What the log says of connections that break.
import { once } from 'node:events'
import { connect } from 'node:net'
import { expect, onTestFinished, test } from 'vitest'
import { Entrance } from '../../../../server/boot/entrance.ts'
import { makeTransports } from '../../../../server/boot/wiring.ts'
import { socketInfo, TCP } from '../../../../server/sip/transport.ts'
import { freePort } from '../../../kit/ports.ts'
import { stage } from '../../../kit/script-stage.ts'

test('a connection that is reset has a line at the level of corelog', async () => {
  const { core } = stage('corelog=-2\nrequest_route { exit; }')
  const transports = makeTransports(core, new Entrance())
  onTestFinished(() => transports.close())
  const info = socketInfo(TCP, '127.0.0.1', await freePort(), null, '')
  await transports.listen(info)
  const told = new Promise<[number, string]>(done =>
    core.log.addSink(({ level, text }) => done([level, text])),
  )
  const phone = connect({ host: '127.0.0.1', port: info.port })
  await once(phone, 'connect')
  while (transports.streams.connections().length === 0)
    await new Promise(resolve => setImmediate(resolve))
  const from = `127.0.0.1:${phone.localPort}`
  phone.resetAndDestroy()
  expect(await told).toEqual([-2, `tcp:127.0.0.1:${info.port}: ${from}: read ECONNRESET`])
})
