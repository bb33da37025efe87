// Where URLs of PostgreSQL lead, and what con_param adds.
import { describe, expect, test } from 'vitest'
import { readDbUrl } from '../../../../../server/core/db/url.ts'
import {
  addressOf,
  readConnectionParameter,
} from '../../../../../server/modules/db_postgres/address.ts'

const address = (text: string, ...parameters: string[]) =>
  addressOf(readDbUrl(text), parameters.map(readConnectionParameter))

test('a URL with all of its parts', () => {
  expect(address('postgres://u:p@db.example.org:5433/k')).toMatchObject({
    host: 'db.example.org',
    port: 5433,
    user: 'u',
    password: 'p',
    database: 'k',
    ssl: false,
    application_name: 'ohana',
  })
})

test('without a port means that of PostgreSQL', () => {
  expect(address('postgres://u:p@[::1]/k')).toMatchObject({ host: '::1', port: 5432 })
})

test('may name the folder of a socket', () => {
  expect(address('postgres://u@/k?socket=/run/other')).toMatchObject({ host: '/run/other' })
})

describe('con_param', () => {
  test.each([
    ['sslmode=disable', { ssl: false }],
    ['sslmode=require', { ssl: { rejectUnauthorized: false } }],
    ['sslmode=verify-ca', { ssl: { rejectUnauthorized: true } }],
    ['connect_timeout=3', { connectionTimeoutMillis: 3000 }],
    ['application_name=sip1', { application_name: 'sip1' }],
    ['options=-c geqo=off', { options: '-c geqo=off' }],
  ])('%s', (parameter, found) => {
    expect(address('postgres://u:p@h/k', parameter)).toMatchObject(found)
  })

  test('the last one counts', () => {
    const found = address('postgres://u@h/k', 'application_name=a', 'application_name=b')
    expect(found.application_name).toBe('b')
  })

  test('verify-full checks the name of the server', () => {
    expect(address('postgres://u@h/k', 'sslmode=verify-full').ssl).toEqual({
      rejectUnauthorized: true,
    })
  })

  test.each(['sslmode', 'nonsense=1', 'sslmode=maybe'])('%s is refused', text => {
    expect(() => readConnectionParameter(text)).toThrow('is not known')
  })
})
