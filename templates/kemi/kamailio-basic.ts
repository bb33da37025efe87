// Routing of Kamailio's default configuration, in TypeScript: registrations, calls between registered
// users, accounting. Load it with kamailio-basic-ts.cfg.
//
// KSR.x.exit() ends the script. KSR functions give more than 0 for yes, less for no, 0 for "it is done".

// Flags, as the configuration file names them for acc, nathelper and usrloc
const FLT_ACC = 1
const FLT_ACCMISSED = 2
const FLT_ACCFAILED = 3
const FLT_NATS = 5
const FLB_NATB = 6
const FLB_NATSIPPING = 7

// What the default configuration hides behind #!define; NAT, AUTH and ANTIFLOOD come with their modules
const WITH_PSTN = false
const WITH_VOICEMAIL = false
const WITH_BLOCK3XX = false
const WITH_BLOCK401407 = false

/** Functions of modules that may not be loaded. */
type Optional = Record<string, (...args: (string | number)[]) => number>
const { auth, auth_db, htable, nathelper, permissions, pike, rtpengine, rtpproxy } =
  KSR as unknown as Record<string, Optional | undefined>

const SCANNERS = /friendly|scanner|sipcli|sipvicious|VaxSIPUserAgent|pplsip/i

function reply(code: number, reason: string): never {
  KSR.sl.sl_send_reply(code, reason)
  KSR.x.exit()
}

const text = (variable: string): string => String(KSR.pv.gete(variable))

/** Sends a request on its way, statefully, and ends the script. */
function relay(): never {
  if (KSR.is_method_in('IBSU') && KSR.tm.t_is_set('branch_route') < 0)
    KSR.tm.t_on_branch('ksr_branch_manage')
  if (KSR.is_method_in('ISU') && KSR.tm.t_is_set('onreply_route') < 0)
    KSR.tm.t_on_reply('ksr_onreply_manage')
  if (KSR.is_INVITE() && KSR.tm.t_is_set('failure_route') < 0)
    KSR.tm.t_on_failure('ksr_failure_manage')
  if (KSR.tm.t_relay() < 0) KSR.sl.sl_reply_error()
  KSR.x.exit()
}

/** Checks that come before everything else. */
function checkRequest(): void {
  KSR.set_reply_no_connect()
  KSR.force_rport()
  if (pike && htable && !KSR.is_myself_srcip()) {
    const source = text('$si')
    if (htable.sht_get!('ipban', source) !== null) {
      KSR.dbg(`request from blocked IP ${source}\n`)
      KSR.x.exit()
    }
    if (pike.pike_check_req!() < 0) {
      KSR.log('alert', `pike blocks ${source}\n`)
      htable.sht_seti!('ipban', source, 1)
      KSR.x.exit()
    }
  }
  if (SCANNERS.test(text('$ua'))) KSR.x.exit()
  if (KSR.maxfwd.process_maxfwd(10) < 0) reply(483, 'Too Many Hops')
  if (KSR.is_OPTIONS() && KSR.is_myself_ruri() && KSR.pv.is_null('$rU')) reply(200, 'Keepalive')
  if (KSR.sanity.sanity_check(17895, 7) < 0) {
    KSR.err(`Malformed SIP request from ${text('$si')}:${text('$sp')}\n`)
    KSR.x.exit()
  }
}

/** Caller behind NAT. */
function detectNat(): void {
  if (!nathelper || nathelper.nat_uac_test!(19) < 0) return
  if (KSR.is_REGISTER()) nathelper.fix_nated_register!()
  else if (KSR.siputils.is_first_hop() > 0) nathelper.set_contact_alias!()
  KSR.setflag(FLT_NATS)
}

/** Media and addresses of calls with somebody behind NAT. */
function manageNat(): void {
  if (!nathelper) return
  const request = KSR.siputils.is_request() > 0
  const inDialog = KSR.siputils.has_totag() > 0
  if (request && inDialog && KSR.rr.check_route_param('nat=yes') > 0) KSR.setbflag(FLB_NATB)
  if (!KSR.isflagset(FLT_NATS) && !KSR.isbflagset(FLB_NATB)) return
  const behind = nathelper.nat_uac_test!(8) > 0
  const trust = behind ? 'SIP-source-address ' : ''
  if (rtpengine) rtpengine.rtpengine_manage!(`${trust}replace-origin replace-session-connection`)
  else rtpproxy?.rtpproxy_manage!(behind ? 'co' : 'cor')
  if (request && !inDialog && KSR.tmx.t_is_branch_route() > 0) KSR.rr.add_rr_param(';nat=yes')
  if (!KSR.isbflagset(FLB_NATB)) return
  if (!request && KSR.siputils.is_first_hop() > 0) nathelper.set_contact_alias!()
  if (request && inDialog) KSR.set_forward_no_connect()
}

/** An address that the configuration file sets: of a gateway, of the voicemail. */
const setting = (group: string, name: string): string => text(`$sel(cfg_get.${group}.${name})`)

function toVoicemail(): void {
  if (!WITH_VOICEMAIL || !KSR.is_method_in('IS')) return
  const host = setting('voicemail', 'srv_ip')
  if (host === '') {
    KSR.err('voicemail routing enabled but its address is not defined\n')
    return
  }
  const user = text(KSR.is_INVITE() ? '$avp(oexten)' : '$rU')
  if (user === '') return
  KSR.seturi(`sip:${user}@${host}:${setting('voicemail', 'srv_port')}`)
  relay()
}

/** Subscriptions and publications: there is no presence server here. */
function presence(): void {
  if (!KSR.is_method_in('PS')) return
  if (KSR.is_SUBSCRIBE() && text('$hdr(Event)') === 'message-summary') {
    toVoicemail()
    reply(404, 'No voicemail service')
  }
  if (KSR.is_PUBLISH() || KSR.pv.is_null('$rU')) reply(404, 'Not here')
}

/** Requests within a call go where the recorded route says. */
function withinDialog(): void {
  if (KSR.siputils.has_totag() < 0) return
  if (KSR.rr.loose_route() > 0) {
    if (nathelper && !KSR.isdsturiset()) nathelper.handle_ruri_alias!()
    if (KSR.is_BYE()) {
      KSR.setflag(FLT_ACC)
      KSR.setflag(FLT_ACCFAILED)
    } else if (KSR.is_ACK()) manageNat()
    else if (KSR.is_NOTIFY()) KSR.rr.record_route()
    relay()
  }
  if (KSR.is_SUBSCRIBE() && KSR.is_myself_ruri()) {
    presence()
    KSR.x.exit()
  }
  if (KSR.is_ACK()) {
    // The ACK of a reply that is no 2xx belongs to our own transaction.
    if (KSR.tm.t_check_trans() > 0) relay()
    KSR.x.exit()
  }
  reply(404, 'Not here')
}

/** Who may use this server: its users by password, or nobody for elsewhere. */
function authenticate(): void {
  if (!auth || !auth_db) {
    if (!KSR.is_myself_ruri()) reply(403, 'Not relaying')
    return
  }
  if (permissions && !KSR.is_REGISTER() && permissions.allow_source_address!(1) > 0) return
  if (KSR.is_REGISTER() || KSR.is_myself_furi()) {
    const realm = text('$fd')
    if (auth_db.auth_check!(realm, 'subscriber', 1) < 0) {
      auth.auth_challenge!(realm, 0)
      KSR.x.exit()
    }
    if (!KSR.is_method_in('RP')) auth.consume_credentials!()
  }
  if (!KSR.is_myself_furi() && !KSR.is_myself_ruri()) reply(403, 'Not relaying')
}

function toElsewhere(): void {
  if (KSR.is_myself_ruri()) return
  KSR.hdr.append('P-Hint: outbound\r\n')
  relay()
}

function register(): void {
  if (!KSR.is_REGISTER()) return
  if (KSR.isflagset(FLT_NATS)) {
    KSR.setbflag(FLB_NATB)
    KSR.setbflag(FLB_NATSIPPING)
  }
  if (KSR.registrar.save('location', 0) < 0) KSR.sl.sl_reply_error()
  KSR.x.exit()
}

function toPhoneNetwork(): void {
  if (!WITH_PSTN) return
  const gateway = setting('pstn', 'gw_ip')
  if (gateway === '') {
    KSR.err('PSTN routing enabled but pstn.gw_ip not defined\n')
    return
  }
  const number = /^(?:\+|00)([1-9]\d{3,20})$/.exec(text('$rU'))?.[1]
  if (number === undefined) return
  if (!KSR.is_myself_furi()) reply(403, 'Not Allowed')
  const port = setting('pstn', 'gw_port')
  KSR.seturi(`sip:+${number}@${gateway}${port === '' ? '' : `:${port}`}`)
  relay()
}

function toRegisteredUser(): void {
  KSR.pv.sets('$avp(oexten)', text('$rU'))
  const found = KSR.registrar.lookup('location')
  if (found < 0) {
    toVoicemail()
    KSR.tm.t_newtran()
    if (found === -2) KSR.sl.send_reply(405, 'Method Not Allowed')
    else KSR.sl.send_reply(404, 'Not Found')
    KSR.x.exit()
  }
  if (KSR.is_INVITE()) KSR.setflag(FLT_ACCMISSED)
  relay()
}

/** Every request. */
export function ksr_request_route(): void {
  checkRequest()
  detectNat()
  if (KSR.is_CANCEL()) {
    if (KSR.tm.t_check_trans() > 0) relay()
    KSR.x.exit()
  }
  if (!KSR.is_ACK()) {
    // Again what is being handled: 0 says that it has been answered.
    if (KSR.tmx.t_precheck_trans() > 0) {
      KSR.tm.t_check_trans()
      KSR.x.exit()
    }
    if (KSR.tm.t_check_trans() === 0) KSR.x.exit()
  }
  withinDialog()
  authenticate()
  KSR.hdr.remove('Route')
  if (KSR.is_method_in('IS')) KSR.rr.record_route()
  if (KSR.is_INVITE()) KSR.setflag(FLT_ACC)
  toElsewhere()
  presence()
  register()
  if (KSR.pv.is_null('$rU')) reply(484, 'Address Incomplete')
  toPhoneNetwork()
  toRegisteredUser()
}

/** Every reply. */
export function ksr_reply_route(): void {
  if (KSR.sanity.sanity_check(17604, 6) < 0) {
    KSR.err(`Malformed SIP response from ${text('$si')}:${text('$sp')}\n`)
    KSR.x.drop()
  }
}

/** Each way that a request takes. */
export function ksr_branch_manage(): void {
  KSR.dbg(`new branch to ${text('$ru')}\n`)
  manageNat()
}

export function ksr_onreply_manage(): void {
  KSR.dbg('incoming reply\n')
  const code = Number(KSR.pv.get('$rs'))
  if (code >= 100 && code <= 299) manageNat()
}

/** Nobody answered, or not with yes. */
export function ksr_failure_manage(): void {
  manageNat()
  if (KSR.tm.t_is_canceled() > 0) return
  if (WITH_BLOCK3XX && KSR.tm.t_check_status('3[0-9][0-9]') > 0) KSR.tm.t_reply(404, 'Not found')
  else if (WITH_BLOCK401407 && KSR.tm.t_check_status('401|407') > 0)
    KSR.tm.t_reply(404, 'Not found')
  else if (WITH_VOICEMAIL && KSR.tm.t_check_status('486|408') > 0) {
    KSR.pv.unset('$du')
    toVoicemail()
  }
}

/** HTTP, with WITH_JSONRPC. */
export function ksr_xhttp_event(): void {
  KSR.set_reply_close()
  KSR.set_reply_no_connect()
  const page = (sentence: string): string => `<html><body>${sentence}</body></html>`
  if (text('$si') !== '127.0.0.1')
    KSR.xhttp.xhttp_reply(403, 'Forbidden', 'text/html', page(`Not allowed from ${text('$si')}`))
  else if (text('$hu').startsWith('/RPC')) KSR.jsonrpcs.dispatch()
  else KSR.xhttp.xhttp_reply(200, 'OK', 'text/html', page(`Wrong URL ${text('$hu')}`))
}
