// Every variable, transformation and select that a script of Kamailio may use is there, may be
// assigned to where Kamailio's may, and takes a name in parentheses where Kamailio's does.
import { expect, test } from 'vitest'
import coreSurface from '../../../../../server/core/core.module.ts'
import { type AnyModule, since6 } from '../../../../../server/core/module/index.ts'
import { modules } from '../../../../../server/modules/index.ts'
import { parseSelect } from '../../../../../server/modules/pv/selects/parse.ts'

/** By module; `*` may be assigned, `()` takes a name, `(?)` may have one, `~` is newer than 5.6. */
const VARIABLES: Record<string, string> = {
  core: `? rc retcode null env() envn() def() defn() defv()~ defs()~ iuid~`,
  pv: `
    ru* ruri* rU* ruri.user* rd* ruri.domain* rp* rP rz rul~ rUl ou ouri oU od op oP oUl
    fu* from* fU* from.user* fd* from.domain* fn* ft fUl ful~
    tu* to* tU* to.user* td* to.domain* tn* tt tUl tts~ du* duri* dd dp dP ds fs* fsn* fsp
    rm rmid mt mts cs csb ci rs rsi rr si siz sp su sut sas src_ip proto pr prid conid
    Ri Rp Ru Rut Rn Ras RAi RAp RAu RAut af() rcv() recv()~ snd() sndto() sndfrom()
    mf* mF* sf* sF* bf* bF* Mf()* Sf()* Bf()*
    rb bs cl cT ml mb mbu hdr() hdrc() hfl() hflc() ct ctu~ cts~ ua rt re pu pU pd pn ai
    di dir dip dic ar au aU ad adu aa adn adc adr ado Au AU br* bR branch()* sbranch()*
    Ts TS Tf TF Tb time() utime() timef() utimef() TV()
    En~ Er~ Et~ Es~ Ec~ Eq~ Ek~ Ei~ Ej~ Eb~ Ev~
    pp mi sid version() ksr() true K() cnt() err.class err.level err.info err.rcode err.rreason
    ruid location_ua nh() expires() rv _s() msg() rpl() ccp()* via0() via1() viaZ() msgbuf()*
    var()* vz()* vn()* shv()* shvinc()~ avp()* xavp()* xavu()* xavi()* stat() sel()`,
  corex: 'cfg() lsock()',
  jsonrpcs: 'jsonrpl()',
  kex: 'sruid',
  registrar: 'ulc()',
  rr: 'route_uri fti tti rdir()',
  siputils: 'pcv()',
  sl: 'ltt()',
  textopsx: 'hfitname() hfitbody() blitval()',
  tmx: `
    T_branch_idx T_reply_code T_reply_reason T_reply_last T_reply_ruid T_req() T_rpl() T_inv()
    T() T_branch()`,
  xhttp: 'hu',
  xlog: 'C()',
}

const S = `
  len int intv~ md5 sha1~ sha256 sha384 sha512 sha3~ keccak~ crc32~ tolower toupper numeric
  rmws rmhdws~ rmhlws~ trim rtrim ltrim encode.hexa decode.hexa encode.7bit decode.7bit
  encode.base58 decode.base58 encode.base64 decode.base64 encode.base64t decode.base64t
  encode.base64url decode.base64url encode.base64urlt decode.base64urlt escape.common
  unescape.common escape.crlf~ unescape.crlf~ escape.user unescape.user escape.param
  unescape.param escape.csv urlencode.param urldecode.param prefixes,0-1 prefixes.quoted,0-1
  substr,2 select,2 selectws,1~ strip,1 striptail,1 stripto,1 ftime,1 replace,2
  corehash,0-1 rm,1 count,1 unquote unbracket before,1 after,1 rbefore,1 rafter,1 fmtlines,2
  fmtlinet,2 charat,1~ byteat,1~`

/** By module and class; behind the comma the arguments that it must take, behind all a tilde. */
const TRANSFORMATIONS: Record<string, Record<string, string>> = {
  pv: {
    s: S,
    uri: `user host domain passwd port params param,1 rmparam,1~ headers transport ttl uparam maddr
      method lr r2 scheme tosocket saor suri duri`,
    param: 'value,1-2 in,1-2 valueat,1-2 name,1-2 count,0-1',
    nameaddr: 'name uri len',
    tobody: 'uri tag user host params display',
    line: 'count at,1 sw,1',
    urialias: 'encode decode',
    val: 'n0~ ne~ json~ jsonqe~',
    num: 'fdigit,0-1~ ldigit,0-1~',
  },
  textops: { re: 'subst,1' },
  corex: { sock: 'host port proto touri' },
  xhttp: { url: 'path querystring' },
}

const URI_PARTS = 'type user rn_user pwd host port params["x"] hostport transport'.split(' ')
const withParts = (...roots: string[]): string[] =>
  roots.flatMap(root => [root, ...URI_PARTS.map(part => `${root}.${part}`)])
const under = (roots: string, leaves: string): string[] =>
  roots.split(' ').flatMap(root => leaves.split(' ').map(leaf => root + leaf))

const SELECTS = [
  ...withParts('ruri', 'request_uri', 'dst_uri', 'next_hop'),
  ...withParts('from.uri', 'f.uri', 'to.uri', 't.uri', 'refer_to.uri', 'contact.uri', 'rr.uri'),
  ...withParts('remote_party_id.uri', 'rpid.uri', 'm.uri', 'record_route.uri', 'msg.request.uri'),
  ...under('from f to t', ' .tag .name .params["x"]'),
  ...under('contact m', ' .name .q .expires .methods .received .instance .params["x"]'),
  ...under('record_route rr', ' .name .params["lr"]'),
  ...under('via v via[1] v[-1]', ' .name .version .transport .host .port .comment .branch'),
  ...under('via[2]', '.received .rport .i .alias .params["x"]'),
  ...under('cseq', ' .num .method'),
  ...under('msg message', ' .first_line .flags .len .id .id.hex .type .header .body .body.sdp'),
  'next_hop.src_ip',
  'msg.h.subject',
  'msg.header.user_agent[2]',
  'msg.header["User-Agent"]',
  'msg.body.sdp.line["m"]',
  'msg.content.sdp',
  ...under('msg.request message.req', ' .method .version'),
  ...under('msg.response message.res', ' .version .status .code .reason'),
  ...'event method version status code reason call_id expires max_forwards'.split(' '),
  ...'content_type content_length subject organization priority session_expires'.split(' '),
  ...'min_se user_agent sip_if_match date identity identity_info'.split(' '),
  ...under(
    'authorization["r"] proxy_authorization["r"]',
    '.username .username.user .username.domain .realm .nonce .uri .cnonce .nc .response .opaque',
  ),
  'authorization["r"].algorithm',
  'proxy_authorization["r"].qop',
  ...under('src dst', '.ip .port .ip_port'),
  ...under('received', '.proto .ip .port .ip_port .proto_ip_port'),
  ...under('sys', '.pid .unique .now .now.local .now.gmt .now.utc["%H"] .server_id'),
  ...under('branch', '.count .uri[0] .dst_uri[1] .uriq[0] .q[0]'),
  'cfg_get.group.name',
  'cfg_get["group"].name',
  'cfg_selected["group"]',
  ...under('hf_value.x', ' [1] .param["y"] .p["y"] .uri .name .nameaddr'),
  'hf_value_exists["x"].y',
  'hf_value2.x[1]',
]

interface Wanted {
  readonly name: string
  readonly newer: boolean
  readonly writable: boolean
  readonly inner: 'none' | 'optional' | 'required'
}

function wantedVariable(word: string): Wanted {
  const [, name = '', inner = '', star, newer] = /^(.+?)(\(\)|\(\?\))?(\*)?(~)?$/.exec(word) ?? []
  const kind = inner === '' ? 'none' : inner === '()' ? 'required' : 'optional'
  return { name, newer: newer === '~', writable: star === '*', inner: kind }
}

const words = (text: string): string[] => text.split(/\s+/).filter(word => word !== '')

const surfaceOf = async (name: string): Promise<AnyModule> =>
  name === 'core' ? coreSurface : (await modules[name]!()).default

test.for(Object.keys(VARIABLES))('the variables of %s are all there', async module => {
  const { pvars = {} } = await surfaceOf(module)
  const wrong: string[] = []
  for (const { name, newer, writable, inner } of words(VARIABLES[module]!).map(wantedVariable)) {
    const row = pvars[name]
    if (row === undefined) wrong.push(`$${name} is missing`)
    else {
      if (row.inner !== inner) wrong.push(`$${name}: name in parentheses is ${row.inner}`)
      if ((row.set !== undefined) !== writable) wrong.push(`$${name}: writable is not ${writable}`)
      if ((row.since6 === true) !== newer) wrong.push(`$${name}: since6 is not ${newer}`)
    }
  }
  expect(wrong).toEqual([])
})

test.for(Object.keys(TRANSFORMATIONS))('the transformations of %s are all there', async module => {
  const { transformations = {} } = await surfaceOf(module)
  const wrong: string[] = []
  for (const [group, text] of Object.entries(TRANSFORMATIONS[module]!)) {
    for (const word of words(text)) {
      const [, name = '', , least = '0', most = least, newer] =
        /^([\w.]+)(,(\d)(?:-(\d))?)?(~)?$/.exec(word) ?? []
      const row = transformations[group]?.[name]
      if (row === undefined) wrong.push(`{${group}.${word}} is missing`)
      else {
        if (row.minArgs > Number(least) || row.maxArgs < Number(most))
          wrong.push(`{${group}.${name}}: takes ${row.minArgs} to ${row.maxArgs}`)
        if ((row.since6 === true) !== (newer === '~')) wrong.push(`{${group}.${name}}: since6`)
      }
    }
  }
  expect(wrong).toEqual([])
})

test('every select is known', () => {
  const unknown = SELECTS.filter(text => {
    try {
      parseSelect(text)
      return false
    } catch {
      return true
    }
  })
  expect(unknown).toEqual([])
})

test('a row that is marked as newer is another row', () => {
  const row = { since6: false }
  expect(since6(row)).toEqual({ since6: true })
  expect(row).toEqual({ since6: false })
})
