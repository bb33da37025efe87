// The client on a fake clock and a fake wire.
import { createHash } from 'node:crypto'
import { expect, test } from 'vitest'
import { NoRadiusAnswer, RadiusClient } from '../../../../../server/lib/radius/client.ts'
import { ACCOUNTING_REQUEST, type Attribute } from '../../../../../server/lib/radius/packet.ts'
import { Wheel } from '../../../../../server/lib/wheel.ts'

const SECRET = 's'
const NONE = (): readonly Attribute[] => []

class Stage {
  readonly sent: { bytes: Buffer; port: number; at: number }[] = []
  readonly client: RadiusClient
  receive: (bytes: Buffer, ip: string, port: number) => void = () => undefined
  #now = 0
  readonly #timers: Wheel

  constructor(ports: number[], deadTime = 0) {
    const clock = { now: () => this.#now, monotonic: () => this.#now }
    this.#timers = new Wheel(clock, error => {
      throw error
    })
    const servers = ports.map(port => ({ ip: '10.0.0.1', port, secret: SECRET }))
    this.client = new RadiusClient(
      servers,
      { timeout: 1000, tries: 3, deadTime },
      {
        open: receive => {
          this.receive = receive
          const send = (bytes: Buffer, _ip: string, port: number) =>
            void this.sent.push({ bytes, port, at: this.#now })
          return { send, close: () => undefined }
        },
        timers: this.#timers,
        now: () => this.#now,
        authenticator: () => Buffer.alloc(16, 7),
      },
    )
  }

  pass(milliseconds: number): void {
    for (let left = milliseconds; left > 0; left -= 10) {
      this.#now += 10
      this.#timers.run()
    }
  }

  answer({ bytes, port }: { bytes: Buffer; port: number }, secret = SECRET): void {
    const reply = Buffer.from([5, bytes[1]!, 0, 20, ...Buffer.alloc(16)])
    const hash = createHash('md5').update(reply.subarray(0, 4)).update(bytes.subarray(4, 20))
    hash.update(secret).digest().copy(reply, 4)
    this.receive(reply, '10.0.0.1', port)
  }
}

test('an answer ends it', async () => {
  const stage = new Stage([1])
  const answered = stage.client.exchange(ACCOUNTING_REQUEST, NONE)
  stage.answer(stage.sent[0]!)
  expect((await answered).code).toBe(5)
  stage.pass(5000)
  expect(stage.sent).toHaveLength(1)
})

test('it is repeated as it was, then goes to the next server, then fails', async () => {
  const stage = new Stage([1, 2])
  const failed = stage.client.exchange(ACCOUNTING_REQUEST, NONE).catch((error: unknown) => error)
  stage.pass(7000)
  expect(await failed).toBeInstanceOf(NoRadiusAnswer)
  expect(stage.sent.map(({ port }) => port)).toEqual([1, 1, 1, 2, 2, 2])
  expect(stage.sent[1]!.bytes).toEqual(stage.sent[0]!.bytes)
  // Never early; the wheel may be a tick late.
  expect(stage.sent.map(({ at }) => Math.floor(at / 100))).toEqual([0, 10, 20, 30, 40, 50])
  expect([stage.client.retransmissions, stage.client.failovers]).toEqual([4, 1])
})

test('a server that was silent is asked last for a while', async () => {
  const stage = new Stage([1, 2], 60_000)
  const first = stage.client.exchange(ACCOUNTING_REQUEST, NONE)
  stage.pass(3500)
  stage.answer(stage.sent.at(-1)!)
  await first
  void stage.client.exchange(ACCOUNTING_REQUEST, NONE).catch(() => undefined)
  expect(stage.sent.at(-1)!.port).toBe(2)
  stage.pass(60_000)
  void stage.client.exchange(ACCOUNTING_REQUEST, NONE).catch(() => undefined)
  expect(stage.sent.at(-1)!.port).toBe(1)
})

test('answers that are not genuine count for nothing', () => {
  const stage = new Stage([1])
  void stage.client.exchange(ACCOUNTING_REQUEST, NONE).catch(() => undefined)
  const [request] = stage.sent
  stage.answer(request!, 'other')
  stage.answer({ bytes: request!.bytes, port: 2 })
  stage.receive(Buffer.from('garbage'), '10.0.0.1', 1)
  expect(stage.client.ignored).toBe(3)
  stage.pass(1100)
  expect(stage.sent).toHaveLength(2)
})

test('256 requests have a number each; more go to the next server', () => {
  const stage = new Stage([1, 2])
  for (let i = 0; i < 300; i++)
    void stage.client.exchange(ACCOUNTING_REQUEST, NONE).catch(() => undefined)
  const first = stage.sent.filter(({ port }) => port === 1)
  expect(new Set(first.map(({ bytes }) => bytes[1])).size).toBe(256)
  expect(stage.sent.filter(({ port }) => port === 2)).toHaveLength(44)
  stage.client.close()
})
