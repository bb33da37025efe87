// Where URLs of MySQL lead, and what option files say.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import { readDbUrl } from '../../../../../server/core/db/url.ts'
import { addressOf } from '../../../../../server/modules/db_mysql/address.ts'
import { readGroup } from '../../../../../server/modules/db_mysql/option-files.ts'

const PLAIN = { mode: 0, authorities: '' }
const address = (text: string, mode = 0) => addressOf(readDbUrl(text), { ...PLAIN, mode })

describe('a URL', () => {
  test('with all of its parts', () => {
    expect(address('mysql://u:p@db.example.org:3307/k')).toEqual({
      host: 'db.example.org',
      port: 3307,
      user: 'u',
      password: 'p',
      database: 'k',
    })
  })

  test('without a port means that of MySQL', () => {
    expect(address('mysql://u:p@127.0.0.1/k')).toMatchObject({ host: '127.0.0.1', port: 3306 })
  })

  test('may name a socket', () => {
    const found = address('mysql://u:p@localhost/k?socket=/run/other.sock')
    expect(found).toMatchObject({ socketPath: '/run/other.sock', user: 'u' })
    expect(found).not.toHaveProperty('host')
  })

  test('of IPv6', () => {
    expect(address('mysql://u:p@[::1]/k')).toMatchObject({ host: '::1' })
  })

  test('with a group that no file has is refused', () => {
    expect(() => address('mysql://[nobody-has-this]/k')).toThrow('no group [nobody-has-this]')
  })
})

test.each([
  [0, undefined],
  [1, undefined],
  [3, { rejectUnauthorized: false, verifyIdentity: false }],
  [4, { rejectUnauthorized: true, verifyIdentity: false }],
  [5, { rejectUnauthorized: true, verifyIdentity: true }],
])('opt_ssl_mode %s', (mode, ssl) => {
  expect(address('mysql://u:p@h/k', mode).ssl).toEqual(ssl)
})

describe('option files', () => {
  function files(): string {
    const folder = mkdtempSync(join(tmpdir(), 'mycnf-'))
    onTestFinished(() => rmSync(folder, { recursive: true }))
    mkdirSync(join(folder, 'more.d'))
    const main = join(folder, 'my.cnf')
    writeFileSync(
      main,
      `# a comment
[client]
user = somebody
[kamailio]
user = kamailio
password="pa # ss"
port=3310
!includedir ${join(folder, 'more.d')}
`,
    )
    writeFileSync(join(folder, 'more.d', 'z.cnf'), "[kamailio]\nhost = 'db.example.org'\n")
    writeFileSync(join(folder, 'more.d', 'ignored.txt'), '[kamailio]\nuser = nobody\n')
    return main
  }

  test('give the options of one group', () => {
    expect([...readGroup('kamailio', [files(), '/nowhere/my.cnf'])]).toEqual([
      ['user', 'kamailio'],
      ['password', 'pa # ss'],
      ['port', '3310'],
      ['host', 'db.example.org'],
    ])
  })

  test('that come later win', () => {
    const first = files()
    const second = join(first, '..', 'second.cnf')
    writeFileSync(second, '[kamailio]\nuser=other\ndefault_character_set=utf8\n')
    const found = readGroup('kamailio', [first, second])
    expect(found.get('user')).toBe('other')
    expect(found.get('default-character-set')).toBe('utf8')
  })

  test('without the group give nothing', () => {
    expect(readGroup('another', [files()]).size).toBe(0)
  })
})
