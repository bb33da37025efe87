// The system's files: servers, search list, options, local names.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import { parseHosts, parseResolvConf } from '../../../../../server/net/dns/resolv-conf.ts'
import { SystemFiles } from '../../../../../server/net/dns/system-files.ts'

describe('resolv.conf', () => {
  test('names servers, at most three, with or without a port', () => {
    const text =
      'nameserver 10.0.0.1\nnameserver ::1\nnameserver 127.0.0.1:5353\nnameserver 10.0.0.4'
    expect(parseResolvConf(text).servers).toEqual([
      { ip: '10.0.0.1', port: 53 },
      { ip: '::1', port: 53 },
      { ip: '127.0.0.1', port: 5353 },
    ])
    expect(parseResolvConf('nameserver [::1]:5353').servers).toEqual([{ ip: '::1', port: 5353 }])
  })

  test.for(['', 'nameserver', 'nameserver here', 'nameserver 10.0.0.1:0', 'nameserver 1.2.3.4:x'])(
    '"%s" leaves the server of this machine',
    text => {
      expect(parseResolvConf(text).servers).toEqual([{ ip: '127.0.0.1', port: 53 }])
    },
  )

  test('the last of search and domain wins', () => {
    expect(parseResolvConf('domain a.test\nsearch B.test. c.test').search).toEqual([
      'b.test',
      'c.test',
    ])
    expect(parseResolvConf('search b.test c.test\ndomain a.test x').search).toEqual(['a.test'])
  })

  test('options have bounds; comments and unknown words are skipped', () => {
    const conf = parseResolvConf(
      '# comment\n; another\noptions ndots:3 timeout:2 attempts:9 rotate\n' +
        'options use-vc no-edns0 what:4',
    )
    expect(conf).toMatchObject({ ndots: 3, timeout: 2, attempts: 5, rotate: true })
    expect(conf).toMatchObject({ useTcp: true, edns: false })
    expect(parseResolvConf('options timeout:x ndots:-1 attempts:0')).toMatchObject({
      ndots: 1,
      timeout: 5,
      attempts: 1,
    })
  })
})

test('hosts: addresses by name, in any case, each once', () => {
  const hosts = parseHosts('127.0.0.1 localhost PBX # me\n::1 pbx\n127.0.0.1 pbx\nnonsense pbx\n')
  expect(hosts.get('pbx')).toEqual(['127.0.0.1', '::1'])
  expect(hosts.get('localhost')).toEqual(['127.0.0.1'])
  expect(hosts.get('me')).toBeUndefined()
})

describe('the files on the disk', () => {
  const folder = (): string => {
    const path = mkdtempSync(join(tmpdir(), 'names-'))
    onTestFinished(() => rmSync(path, { recursive: true }))
    return path
  }

  test('are read at start, and again when they have changed', async () => {
    const path = folder()
    const [conf, hosts] = [join(path, 'resolv.conf'), join(path, 'hosts')]
    writeFileSync(conf, 'nameserver 10.0.0.1')
    writeFileSync(hosts, '10.1.0.1 pbx')
    const files = new SystemFiles(conf, hosts)
    expect(files.conf.servers[0]!.ip).toBe('10.0.0.1')
    writeFileSync(conf, 'nameserver 10.0.0.22')
    writeFileSync(hosts, '10.1.0.22 pbx')
    files.refresh(10_000)
    await expect.poll(() => files.conf.servers[0]!.ip).toBe('10.0.0.22')
    await expect.poll(() => files.hosts.get('pbx')).toEqual(['10.1.0.22'])
    // dns_reinit does not wait.
    writeFileSync(conf, 'nameserver 10.0.0.3')
    files.reload()
    expect(files.conf.servers[0]!.ip).toBe('10.0.0.3')
  })

  test('may be missing', () => {
    const files = new SystemFiles('/nowhere/resolv.conf', '/nowhere/hosts')
    expect(files.conf.servers).toEqual([{ ip: '127.0.0.1', port: 53 }])
    expect(files.hosts.size).toBe(0)
  })
})
