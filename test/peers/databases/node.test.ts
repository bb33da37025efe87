// A whole node whose database goes away: what needs none is served as ever, what needs it is
// refused at once, and all is well when it is back.
import { expect, onTestFinished, test } from 'vitest'
import { MariadbServer } from '../../kit/mariadb.ts'
import { Phone } from '../../kit/phone.ts'
import { type SipServer, serverForTest } from '../../kit/server.ts'
import { print } from '../../kit/sip-text.ts'

const configOf = (url: string): string => `#!KAMAILIO
debug=2
db_deadline=1000
db_retry_interval=100
loadmodule "db_mysql.so"
loadmodule "ctl.so"
loadmodule "kex.so"
loadmodule "pv.so"
loadmodule "sl.so"
loadmodule "sqlops.so"
modparam("sqlops", "sqlcon", "c=>${url}")
request_route {
  if (method == "OPTIONS") { sl_send_reply("200", "OK"); exit; }
  if (sql_query("c", "SELECT 42", "r") > 0) { sl_send_reply("200", "Is $dbr(r=>[0,0])"); exit; }
  sl_send_reply("503", "No Database");
}
`

class Caller {
  private readonly phone: Phone
  private readonly server: SipServer
  private cseq = 0

  private constructor(phone: Phone, server: SipServer) {
    this.phone = phone
    this.server = server
  }

  static async of(server: SipServer): Promise<Caller> {
    const phone = await Phone.open('udp')
    onTestFinished(() => phone.close())
    return new Caller(phone, server)
  }

  /** First lines of the replies to so many requests, each sent when the one before was answered. */
  async ask(method: string, times = 1): Promise<string[]> {
    const lines = new Set<string>()
    for (let left = times; left > 0; left--) {
      await this.phone.send(this.request(method), this.server.host, this.server.port)
      lines.add((await this.phone.expect(/^SIP\/2\.0 /)).message.first)
    }
    return [...lines]
  }

  private request(method: string): string {
    const { address } = this.phone
    const cseq = ++this.cseq
    return print(`${method} sip:${this.server.address} SIP/2.0`, [
      ['Via', `SIP/2.0/UDP ${address};branch=z9hG4bK${cseq};rport`],
      ['From', `<sip:a@${address}>;tag=${cseq}`],
      ['To', `<sip:b@${this.server.address}>`],
      ['Call-ID', `call-${cseq}@${address}`],
      ['CSeq', `${cseq} ${method}`],
    ])
  }
}

test('a node outlives its database', async () => {
  const database = await MariadbServer.start()
  onTestFinished(() => database.stop())
  const server = await serverForTest({
    config: configOf(await database.makeDatabase('node')),
    transports: ['udp'],
  })
  const caller = await Caller.of(server)
  expect(await caller.ask('MESSAGE', 20)).toEqual(['SIP/2.0 200 Is 42'])

  await database.pause()
  expect(await caller.ask('MESSAGE', 20)).toEqual(['SIP/2.0 503 No Database'])
  expect(await caller.ask('OPTIONS', 20)).toEqual(['SIP/2.0 200 OK'])
  await server.logged(/database mysql:\/\/kamailio:\*\*\*@127.0.0.1:\d+\/node is away/)
  expect(await server.rpc('ohana.db.status')).toMatch(
    /available: 0[^]*reason: connect ECONNREFUSED/,
  )

  await database.start()
  await server.logged(/database \S+ is back/)
  expect(await caller.ask('MESSAGE', 20)).toEqual(['SIP/2.0 200 Is 42'])
  expect(await server.rpc('ohana.db.status')).toMatch(/available: 1/)
  expect(server.log.match(/database \S+ is \w+/g)?.map(line => line.split(' ').at(-1))).toEqual([
    'away',
    'back',
  ])
  expect(server.child.code).toBeNull()
})
