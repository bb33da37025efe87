import { expect, test } from 'vitest'
import { Entrance } from '../../../../server/boot/entrance.ts'
import type { Receiver } from '../../../../server/core/receive.ts'
import { type Received, socketInfo, UDP } from '../../../../server/sip/transport.ts'

const socket = socketInfo(UDP, '127.0.0.1', 5060, null, '')
const place = { proto: UDP, srcIp: '127.0.0.1', srcPort: 5, dstIp: '127.0.0.1', dstPort: 5060 }
const from: Received = { ...place, socket, connection: 0 }

test('what comes before the modules have started waits for that, in order', () => {
  const entrance = new Entrance()
  const got: string[] = []
  const receiver = { receive: (text: string) => void got.push(text) } as unknown as Receiver
  entrance.receive('one', from, null, 0)
  entrance.receive('two', from, null, 0)
  expect(got).toEqual([])
  entrance.open(receiver)
  entrance.receive('three', from, null, 0)
  expect(got).toEqual(['one', 'two', 'three'])
})
