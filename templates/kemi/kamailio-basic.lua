-- Routing of Kamailio's default configuration, in Lua: registrations, calls between registered users,
-- accounting. Load it with kamailio-basic-lua.cfg; it runs in Kamailio's app_lua as well.
--
-- KSR.x.exit() ends the script. KSR functions give more than 0 for yes, less for no, 0 for "it is done".

-- Flags, as the configuration file names them for acc, nathelper and usrloc
local FLT_ACC, FLT_ACCMISSED, FLT_ACCFAILED, FLT_NATS = 1, 2, 3, 5
local FLB_NATB, FLB_NATSIPPING = 6, 7

-- What the default configuration hides behind #!define; NAT, AUTH and ANTIFLOOD come with their modules
local WITH_PSTN = false
local WITH_VOICEMAIL = false
local WITH_BLOCK3XX = false
local WITH_BLOCK401407 = false
local WITH_NAT = KSR.nathelper ~= nil
local WITH_AUTH = KSR.auth_db ~= nil
local WITH_IPAUTH = WITH_AUTH and KSR.permissions ~= nil
local WITH_ANTIFLOOD = KSR.pike ~= nil and KSR.htable ~= nil

local SCANNERS = {'friendly', 'scanner', 'sipcli', 'sipvicious', 'vaxsipuseragent', 'pplsip'}

local function reply(code, reason)
  KSR.sl.sl_send_reply(code, reason)
  KSR.x.exit()
end

-- Sends a request on its way, statefully, and ends the script
local function relay()
  if KSR.is_method_in("IBSU") and KSR.tm.t_is_set("branch_route") < 0 then
    KSR.tm.t_on_branch("ksr_branch_manage")
  end
  if KSR.is_method_in("ISU") and KSR.tm.t_is_set("onreply_route") < 0 then
    KSR.tm.t_on_reply("ksr_onreply_manage")
  end
  if KSR.is_INVITE() and KSR.tm.t_is_set("failure_route") < 0 then
    KSR.tm.t_on_failure("ksr_failure_manage")
  end
  if KSR.tm.t_relay() < 0 then KSR.sl.sl_reply_error() end
  KSR.x.exit()
end

-- Checks that come before everything else
local function check_request()
  KSR.set_reply_no_connect()
  KSR.force_rport()
  if WITH_ANTIFLOOD and not KSR.is_myself_srcip() then
    local source = KSR.pv.getw("$si")
    if KSR.htable.sht_get("ipban", source) ~= nil then
      KSR.dbg("request from blocked IP " .. source .. "\n")
      KSR.x.exit()
    end
    if KSR.pike.pike_check_req() < 0 then
      KSR.log("alert", "pike blocks " .. source .. "\n")
      KSR.htable.sht_seti("ipban", source, 1)
      KSR.x.exit()
    end
  end
  local agent = string.lower(KSR.pv.gete("$ua"))
  for _, name in ipairs(SCANNERS) do
    if string.find(agent, name, 1, true) then KSR.x.exit() end
  end
  if KSR.maxfwd.process_maxfwd(10) < 0 then reply(483, "Too Many Hops") end
  if KSR.is_OPTIONS() and KSR.is_myself_ruri() and KSR.pv.is_null("$rU") then
    reply(200, "Keepalive")
  end
  if KSR.sanity.sanity_check(17895, 7) < 0 then
    KSR.err("Malformed SIP request from " .. KSR.pv.getw("$si") .. ":" .. KSR.pv.getw("$sp") .. "\n")
    KSR.x.exit()
  end
end

-- Caller behind NAT
local function detect_nat()
  if not WITH_NAT or KSR.nathelper.nat_uac_test(19) < 0 then return end
  if KSR.is_REGISTER() then
    KSR.nathelper.fix_nated_register()
  elseif KSR.siputils.is_first_hop() > 0 then
    KSR.nathelper.set_contact_alias()
  end
  KSR.setflag(FLT_NATS)
end

-- Media and addresses of calls with somebody behind NAT
local function manage_nat()
  if not WITH_NAT then return end
  local request = KSR.siputils.is_request() > 0
  local in_dialog = KSR.siputils.has_totag() > 0
  if request and in_dialog and KSR.rr.check_route_param("nat=yes") > 0 then
    KSR.setbflag(FLB_NATB)
  end
  if not KSR.isflagset(FLT_NATS) and not KSR.isbflagset(FLB_NATB) then return end
  local behind = KSR.nathelper.nat_uac_test(8) > 0
  if KSR.rtpengine ~= nil then
    local trust = behind and "SIP-source-address " or ""
    KSR.rtpengine.rtpengine_manage(trust .. "replace-origin replace-session-connection")
  elseif KSR.rtpproxy ~= nil then
    KSR.rtpproxy.rtpproxy_manage(behind and "co" or "cor")
  end
  if request and not in_dialog and KSR.tmx.t_is_branch_route() > 0 then
    KSR.rr.add_rr_param(";nat=yes")
  end
  if not KSR.isbflagset(FLB_NATB) then return end
  if not request and KSR.siputils.is_first_hop() > 0 then KSR.nathelper.set_contact_alias() end
  if request and in_dialog then KSR.set_forward_no_connect() end
end

-- An address of our own that a voicemail or gateway has; the configuration file sets it
local function setting(group, name)
  return KSR.pv.gete("$sel(cfg_get." .. group .. "." .. name .. ")")
end

local function to_voicemail()
  if not WITH_VOICEMAIL or not KSR.is_method_in("IS") then return end
  local host = setting("voicemail", "srv_ip")
  if host == "" then
    KSR.err("voicemail routing enabled but its address is not defined\n")
    return
  end
  local user = KSR.is_INVITE() and "$avp(oexten)" or "$rU"
  if KSR.pv.is_null(user) then return end
  local port = setting("voicemail", "srv_port")
  KSR.seturi("sip:" .. KSR.pv.get(user) .. "@" .. host .. ":" .. port)
  relay()
end

-- Subscriptions and publications: there is no presence server here
local function presence()
  if not KSR.is_method_in("PS") then return end
  if KSR.is_SUBSCRIBE() and KSR.pv.gete("$hdr(Event)") == "message-summary" then
    to_voicemail()
    reply(404, "No voicemail service")
  end
  if KSR.is_PUBLISH() or KSR.pv.is_null("$rU") then reply(404, "Not here") end
end

-- Requests within a call go where the recorded route says
local function within_dialog()
  if KSR.siputils.has_totag() < 0 then return end
  if KSR.rr.loose_route() > 0 then
    if WITH_NAT and not KSR.isdsturiset() then KSR.nathelper.handle_ruri_alias() end
    if KSR.is_BYE() then
      KSR.setflag(FLT_ACC)
      KSR.setflag(FLT_ACCFAILED)
    elseif KSR.is_ACK() then
      manage_nat()
    elseif KSR.is_NOTIFY() then
      KSR.rr.record_route()
    end
    relay()
  end
  if KSR.is_SUBSCRIBE() and KSR.is_myself_ruri() then
    presence()
    KSR.x.exit()
  end
  if KSR.is_ACK() then
    -- The ACK of a reply that is no 2xx belongs to our own transaction
    if KSR.tm.t_check_trans() > 0 then relay() end
    KSR.x.exit()
  end
  reply(404, "Not here")
end

-- Who may use this server: its users by password, or nobody for elsewhere
local function authenticate()
  if not WITH_AUTH then
    if not KSR.is_myself_ruri() then reply(403, "Not relaying") end
    return
  end
  if WITH_IPAUTH and not KSR.is_REGISTER() and KSR.permissions.allow_source_address(1) > 0 then
    return
  end
  if KSR.is_REGISTER() or KSR.is_myself_furi() then
    local realm = KSR.pv.getw("$fd")
    if KSR.auth_db.auth_check(realm, "subscriber", 1) < 0 then
      KSR.auth.auth_challenge(realm, 0)
      KSR.x.exit()
    end
    if not KSR.is_method_in("RP") then KSR.auth.consume_credentials() end
  end
  if not KSR.is_myself_furi() and not KSR.is_myself_ruri() then reply(403, "Not relaying") end
end

local function to_elsewhere()
  if KSR.is_myself_ruri() then return end
  KSR.hdr.append("P-Hint: outbound\r\n")
  relay()
end

local function register()
  if not KSR.is_REGISTER() then return end
  if KSR.isflagset(FLT_NATS) then
    KSR.setbflag(FLB_NATB)
    KSR.setbflag(FLB_NATSIPPING)
  end
  if KSR.registrar.save("location", 0) < 0 then KSR.sl.sl_reply_error() end
  KSR.x.exit()
end

local function to_phone_network()
  if not WITH_PSTN then return end
  local gateway = setting("pstn", "gw_ip")
  if gateway == "" then
    KSR.err("PSTN routing enabled but pstn.gw_ip not defined\n")
    return
  end
  local number = string.match(KSR.pv.gete("$rU"), "^%+([1-9]%d+)$")
    or string.match(KSR.pv.gete("$rU"), "^00([1-9]%d+)$")
  if number == nil or #number < 4 or #number > 21 then return end
  if not KSR.is_myself_furi() then reply(403, "Not Allowed") end
  local port = setting("pstn", "gw_port")
  KSR.seturi("sip:+" .. number .. "@" .. gateway .. (port == "" and "" or ":" .. port))
  relay()
end

local function to_registered_user()
  if not KSR.pv.is_null("$rU") then KSR.pv.sets("$avp(oexten)", KSR.pv.get("$rU")) end
  local found = KSR.registrar.lookup("location")
  if found < 0 then
    to_voicemail()
    KSR.tm.t_newtran()
    if found == -2 then
      KSR.sl.send_reply(405, "Method Not Allowed")
    else
      KSR.sl.send_reply(404, "Not Found")
    end
    KSR.x.exit()
  end
  if KSR.is_INVITE() then KSR.setflag(FLT_ACCMISSED) end
  relay()
end

-- Every request
function ksr_request_route()
  check_request()
  detect_nat()
  if KSR.is_CANCEL() then
    if KSR.tm.t_check_trans() > 0 then relay() end
    KSR.x.exit()
  end
  if not KSR.is_ACK() then
    -- Again what is being handled: 0 says that it has been answered
    if KSR.tmx.t_precheck_trans() > 0 then
      KSR.tm.t_check_trans()
      KSR.x.exit()
    end
    if KSR.tm.t_check_trans() == 0 then KSR.x.exit() end
  end
  within_dialog()
  authenticate()
  KSR.hdr.remove("Route")
  if KSR.is_method_in("IS") then KSR.rr.record_route() end
  if KSR.is_INVITE() then KSR.setflag(FLT_ACC) end
  to_elsewhere()
  presence()
  register()
  if KSR.pv.is_null("$rU") then reply(484, "Address Incomplete") end
  to_phone_network()
  to_registered_user()
end

-- Every reply
function ksr_reply_route()
  if KSR.sanity.sanity_check(17604, 6) < 0 then
    KSR.err("Malformed SIP response from " .. KSR.pv.getw("$si") .. ":" .. KSR.pv.getw("$sp") .. "\n")
    KSR.x.drop()
  end
end

-- Each way that a request takes
function ksr_branch_manage()
  KSR.dbg("new branch to " .. KSR.pv.getw("$ru") .. "\n")
  manage_nat()
end

function ksr_onreply_manage()
  KSR.dbg("incoming reply\n")
  local code = KSR.pv.get("$rs")
  if code >= 100 and code <= 299 then manage_nat() end
end

-- Nobody answered, or not with yes
function ksr_failure_manage()
  manage_nat()
  if KSR.tm.t_is_canceled() > 0 then return end
  if WITH_BLOCK3XX and KSR.tm.t_check_status("3[0-9][0-9]") > 0 then
    KSR.tm.t_reply(404, "Not found")
    return
  end
  if WITH_BLOCK401407 and KSR.tm.t_check_status("401|407") > 0 then
    KSR.tm.t_reply(404, "Not found")
    return
  end
  if WITH_VOICEMAIL and KSR.tm.t_check_status("486|408") > 0 then
    KSR.pv.unset("$du")
    to_voicemail()
  end
end

-- HTTP, with WITH_JSONRPC
function ksr_xhttp_event()
  KSR.set_reply_close()
  KSR.set_reply_no_connect()
  if KSR.pv.get("$si") ~= "127.0.0.1" then
    KSR.xhttp.xhttp_reply(403, "Forbidden", "text/html", "<html><body>Not allowed</body></html>")
  elseif string.find(KSR.pv.gete("$hu"), "^/RPC") then
    KSR.jsonrpcs.dispatch()
  else
    KSR.xhttp.xhttp_reply(200, "OK", "text/html", "<html><body>Wrong URL</body></html>")
  end
end
