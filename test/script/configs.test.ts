// Real configurations of the public Kamailio tree: what the real `kamailio -c` found sound must be
// read and parsed here. They are read from beside the project and are no part of it.
import { existsSync, readFileSync } from 'node:fs'
import { basename } from 'node:path'
import { describe, expect, it } from 'vitest'
import { type Diagnostic, diagnosticsText, load } from '../../server/script/index.ts'

const FOLDER = new URL('../../../shared/suites/cfgs/', import.meta.url)
const DEBIAN = '/etc/kamailio/kamailio.cfg'

/** Modules that are missing, and functions that are gone, do not keep a file from being parsed. */
const SOUND = ['accepted', 'missing-module', 'unknown-command']

/**
 * Files in which the real one finds errors of syntax as well, behind the module or function that it
 * misses.
 */
const BROKEN: Record<string, string> = {
  'kamailio__etc_sip-router.cfg': 'different number of preprocessor directives: 1 more #!if[n]def',
  'pkg_sip-router-basic.cfg': '1 more #!endif as #!if[n]def',
  'pkg_sip-router-oob.cfg': '1 more #!if[n]def as #!endif',
  'branch-3.1_etc_sip-router-basic.cfg': '1 more #!endif as #!if[n]def',
  'branch-3.1_etc_sip-router.cfg': '1 more #!if[n]def as #!endif',
  'branch-5.2_etc_sip-router.cfg': '1 more #!if[n]def as #!endif',
  'kemi_kamailio-basic-kemi-native.cfg': 'a flag without the #!define of the file that includes it',
  'msilo_doc_msilo.cfg': 'a block that is not closed',
  'rtp_media_server_config_example_kamailio.cfg': 'a placeholder instead of an address',
  'test-unit-archive_test_unit_5.cfg': 'NULL, which is neither a value nor a function',
}

interface Verdict {
  file: string
  kamailio_563_check: string
}

const text = (url: URL): string => readFileSync(url, 'latin1')
const exists = existsSync(FOLDER)
const verdicts = exists ? (JSON.parse(text(new URL('verdicts.json', FOLDER))) as Verdict[]) : []

/**
 * An include lies beside its file, under a name that begins as the file's does; some are not there
 * at all.
 */
function readIn(file: string): (path: string) => string | null {
  const prefix = file.slice(0, file.lastIndexOf('_') + 1)
  return path => {
    const name = basename(path)
    const candidates = [name, `${prefix}${name}`, `${prefix}${name}.sample.cfg`]
    const found = candidates.find(each => existsSync(new URL(each, FOLDER)))
    return found === undefined ? null : text(new URL(found, FOLDER))
  }
}

const isError = (one: Diagnostic): boolean =>
  one.severity === 'error' && one.code !== 'CFG_INCLUDE_MISSING'

const errorsIn = (file: string): Diagnostic[] =>
  load(file, { read: readIn(file) })
    .parsed.report.inOrder()
    .filter(isError)

describe('configurations that the real Kamailio parses', () => {
  it(`lie in ${FOLDER.pathname}`, context => {
    if (!exists) context.skip('the folder is not there, so none of its configurations was read')
    expect(verdicts.length).toBeGreaterThan(200)
  })

  const sound = verdicts.filter(each => SOUND.includes(each.kamailio_563_check))
  const broken = (file: string): boolean => Object.keys(BROKEN).some(end => file.endsWith(end))
  const good = sound.filter(({ file }) => !broken(file)).map(({ file }) => file)

  it(`parse here, ${good.length} of them`, () => {
    const complaints = good.map(file => diagnosticsText(errorsIn(file)))
    expect(complaints.join('')).toBe('')
  })

  it('are called broken only where they are', () => {
    const fine = sound.filter(({ file }) => broken(file) && errorsIn(file).length === 0)
    expect(fine).toEqual([])
  })

  it('or are refused without a crash', () => {
    for (const { file } of verdicts) expect(load(file, { read: readIn(file) }).parsed).toBeDefined()
  })
})

describe("Debian's kamailio.cfg", () => {
  const switches = [
    ...['DEBUG', 'MYSQL', 'AUTH', 'IPAUTH', 'USRLOCDB', 'PRESENCE', 'MSGREBUILD', 'NAT'],
    ...['NATSIPPING', 'RTPENGINE', 'PSTN', 'ALIASDB', 'SPEEDDIAL', 'MULTIDOMAIN', 'TLS'],
    ...['JSONRPC', 'ANTIFLOOD', 'BLOCK3XX', 'BLOCK401407', 'VOICEMAIL', 'ACCDB'],
  ].map(name => `WITH_${name}`)
  const combinations = [[], switches, ...switches.map(name => [name, 'WITH_MYSQL'])]

  it.each(combinations)('parses with %s %s', (...defines) => {
    expect(existsSync(DEBIAN), `${DEBIAN} comes with Debian's package kamailio`).toBe(true)
    const { report } = load(DEBIAN, { defines: [...new Set(defines)] }).parsed
    expect(diagnosticsText(report.inOrder())).toBe('')
  })
})
