// Real configurations of the public Kamailio tree: what the real `kamailio -c` finds sound must be
// read and parsed here, and what it accepts must be accepted. They are read from beside the project
// and are no part of it; what the real one said is recorded in test/compat/configs.
import { existsSync, readFileSync } from 'node:fs'
import { beforeAll, describe, expect, it } from 'vitest'
import { diagnosticsText, load } from '../../server/script/index.ts'
import {
  type RealVerdict,
  type Stages,
  SUITE,
  stagesOf,
  suiteIsThere,
} from '../kit/config-suite.ts'

const DEBIAN = '/etc/kamailio/kamailio.cfg'
const RECORDED = new URL('../compat/configs/verdicts.json', import.meta.url)

const FOR_6 = 'it is for Kamailio 6, which has send_reply_error() and module dlgs'

/** Where the real one finds an error and we find none, with the reason why we do not. */
const TAKEN_HERE: Record<string, string> = {
  'rtpproxy_examples_4to6.cfg': 'if (msg:len > max_len) is read as SER read it',
  'kemi_kamailio-basic-kemi.cfg': 'it includes a file by the path of an installation',
  'branch-6.0_etc_kamailio.cfg': FOR_6,
  'branch-6.1_etc_kamailio.cfg': FOR_6,
  'kamailio__etc_kamailio.cfg': FOR_6,
  'webrtc_kamailio-default-websocket.cfg': FOR_6,
  'sipp_examples_kamailio.cfg': FOR_6,
  'cfg_struas.cfg': 'module print is known by name, Debian has not built it',
  'cfg_test2.cfg': 'module print is known by name, Debian has not built it',
  'cfg_test3.cfg': 'module print is known by name, Debian has not built it',
}

/**
 * Of before Kamailio's variables: they give commands of the shell a $ where two are needed today.
 * `kamailio -c` takes them, but no node starts with them.
 */
const REFUSED_HERE = ['exec_exec_dist', 'exec_exec_s3', 'exec_exec_s4', 'kamailio_exec_s4']

const verdicts = JSON.parse(readFileSync(RECORDED, 'utf8')) as RealVerdict[]
const stages = new Map<string, Stages>()
const skipNote = `${SUITE.pathname} is not there, so none of its configurations was read`

const excused = (file: string): boolean =>
  Object.keys(TAKEN_HERE).some(ending => file.endsWith(ending))

const errorsOf = ({ read, parsed, checked }: Stages): string =>
  diagnosticsText([...read, ...parsed, ...checked])

describe('configurations that the real Kamailio was asked about', () => {
  beforeAll(async () => {
    if (!suiteIsThere) return
    for (const { file } of verdicts) stages.set(file, await stagesOf(file))
  })

  it('are beside the project', context => {
    if (!suiteIsThere) context.skip(skipNote)
    expect(stages.size).toBeGreaterThan(200)
  })

  it('parse here when it finds no error of syntax', context => {
    if (!suiteIsThere) context.skip(skipNote)
    const sound = verdicts.filter(({ syntax }) => syntax === '')
    expect(sound.length).toBeGreaterThan(130)
    const complaints = sound.flatMap(({ file }) => {
      const { read, parsed } = stages.get(file)!
      return read.length + parsed.length === 0 ? [] : [diagnosticsText([...read, ...parsed])]
    })
    expect(complaints.join('')).toBe('')
  })

  it('are accepted here when it accepts them, but for modules that are missing', context => {
    if (!suiteIsThere) context.skip(skipNote)
    const accepted = verdicts.filter(verdict => verdict.accepted)
    expect(accepted.length).toBeGreaterThan(50)
    const differs = (file: string): boolean => REFUSED_HERE.some(end => file.endsWith(`${end}.cfg`))
    const complaints = (file: string): string => errorsOf(stages.get(file)!)
    const [odd, same] = [true, false].map(wanted =>
      accepted.map(({ file }) => file).filter(file => differs(file) === wanted),
    ) as [string[], string[]]
    expect(same.map(complaints).join('')).toBe('')
    expect(odd).toHaveLength(REFUSED_HERE.length)
    for (const file of odd) expect(complaints(file)).toContain('unknown variable $')
  })

  it('have errors here when it refuses them, or a reason', context => {
    if (!suiteIsThere) context.skip(skipNote)
    const refused = verdicts.filter(verdict => !verdict.accepted)
    const unnoticed = refused.filter(({ file }) => {
      const one = stages.get(file)!
      return errorsOf(one) === '' && one.unknown.length === 0
    })
    expect(unnoticed.map(({ file }) => file).filter(file => !excused(file))).toEqual([])
    expect(unnoticed).toHaveLength(Object.keys(TAKEN_HERE).length)
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
