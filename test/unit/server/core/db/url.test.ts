import { describe, expect, test } from 'vitest'
import { readDbUrl, shownUrl } from '../../../../../server/core/db/url.ts'

describe('a database URL', () => {
  test.each([
    [
      'mysql://kamailio:kamailiorw@localhost/kamailio',
      { scheme: 'mysql', user: 'kamailio', password: 'kamailiorw', host: 'localhost', port: 0 },
    ],
    ['mysql://u:p@h:3307/d', { user: 'u', password: 'p', host: 'h', port: 3307, database: 'd' }],
    ['mysql://u:p@ss@h/d', { user: 'u', password: 'p@ss', host: 'h', database: 'd' }],
    ['mysql://u:p:q@h/d', { user: 'u', password: 'p:q', host: 'h' }],
    ['mysql://u@h/d', { user: 'u', password: '', host: 'h', database: 'd' }],
    ['mysql://h/d', { user: '', host: 'h', database: 'd' }],
    ['mysql://[group]/d', { host: '[group]', port: 0, database: 'd' }],
    ['postgres://u:p@[::1]:5433/d', { host: '[::1]', port: 5433, database: 'd' }],
    ['postgres://u@/d', { user: 'u', host: '', database: 'd' }],
    ['sqlite:////var/lib/k.db', { scheme: 'sqlite', host: '', database: '/var/lib/k.db' }],
    ['sqlite:///k.db', { host: '', database: 'k.db' }],
    ['ldap:/main', { scheme: 'ldap', host: '', database: 'main' }],
    ['ldap://cn=a,dc=x:p@h:389', { user: 'cn=a,dc=x', password: 'p', host: 'h', port: 389 }],
    ['text:///etc/kamailio/dbtext', { scheme: 'text', database: 'etc/kamailio/dbtext' }],
  ])('%s', (text, parts) => {
    expect(readDbUrl(text)).toMatchObject(parts)
  })

  test('has parameters', () => {
    const { parameters, database } = readDbUrl('mysql://u:p@h/d?socket=/run/x.sock')
    expect([...parameters]).toEqual([['socket', '/run/x.sock']])
    expect(database).toBe('d')
  })

  test.each(['', 'kamailio', '://x', 'mysql:u@h/d'])('"%s" is none', text => {
    expect(() => readDbUrl(text)).toThrow('is no database URL')
  })

  test('is shown without its password', () => {
    expect(shownUrl(readDbUrl('mysql://u:p@ss@h/d'))).toBe('mysql://u:***@h/d')
    expect(shownUrl(readDbUrl('mysql://u@h/d'))).toBe('mysql://u@h/d')
  })
})
