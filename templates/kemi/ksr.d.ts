// The types of KSR: what scripts in TypeScript and JavaScript call, all modules at once. A module
// that the config does not load is not there when the script runs.
// Made by: node test/setup/ksr-types.ts

/** A value that may have parts. */
type KsrValue = string | number | boolean | null | KsrValue[] | { [name: string]: KsrValue }
/** The values of a structured variable: each name has a list of them. */
type KsrStructure = { [name: string]: KsrValue[] }

/** Functions of the script itself. */
interface KsrX {
  /** End the script. */
  exit(): never
  /** End the script and drop the message. */
  drop(): never
  /** Call a function of a module by the name that the routing language has for it. */
  modf(name: string, ...args: (string | number)[]): number
}

interface KsrAcc {
  /** Accounts the current request in the log. */
  acc_log_request(comment: string): number
  /** Accounts the current request in the database. */
  acc_db_request(comment: string, table: string): number
  /** Accounts the current request in the log and, if there is one, in the database. */
  acc_request(comment: string, table: string): number
}

interface KsrAccRadius {
  /** Accounts the current request. */
  request(comment: string): number
}

interface KsrAliasDb {
  /** Put the address that the request URI is an alias of in its place. */
  lookup(table_name: string): number
  /** Put the address that the request URI is an alias of in its place. */
  lookup_ex(table_name: string, flags?: string): number
  /** Put the address that a URI is an alias of into a variable. */
  alias_db_find(table_name: string, input: string, output: string, flags?: string): number
}

interface KsrAppJsdt {
  /** Run a function of the loaded script. */
  run(function_: string): number
  /** Run a function of the loaded script. */
  run_p1(function_: string, p1?: string): number
  /** Run a function of the loaded script. */
  run_p2(function_: string, p1?: string, p2?: string): number
  /** Run a function of the loaded script. */
  run_p3(function_: string, p1?: string, p2?: string, p3?: string): number
  /** Run a text in the context of the loaded script. */
  runstring(script: string): number
  /** Run a text in a context of its own. */
  dostring(script: string): number
  /** Run a file in the context of jsdt_dostring. */
  dofile(path: string): number
}

interface KsrAppLua {
  /** Run a function of the loaded scripts. */
  run(function_: string): number
  /** Run a function of the loaded scripts. */
  run_p1(function_: string, p1?: string): number
  /** Run a function of the loaded scripts. */
  run_p2(function_: string, p1?: string, p2?: string): number
  /** Run a function of the loaded scripts. */
  run_p3(function_: string, p1?: string, p2?: string, p3?: string): number
  /** Run a text in the state of the loaded scripts. */
  runstring(script: string): number
  /** Run a text in a state of its own. */
  dostring(script: string): number
  /** Run a file in the state of lua_dostring. */
  dofile(path: string): number
}

interface KsrAsync {
  /** Set the request aside, and go on in a route after so many seconds. */
  route(routename: string, seconds: number): number
  /** The same in milliseconds. */
  ms_route(routename: string, milliseconds: number): number
  /** Set the request aside, and go on in a route as soon as there is time. */
  task_route(routename: string): number
  /** The same in a group of workers. */
  task_group_route(routename: string, groupname: string): number
  /** Run a route about nothing but $async(data), as soon as there is time. */
  task_data(routename: string, data: string): number
  /** The same in a group of workers. */
  task_group_data(routename: string, groupname: string, data: string): number
  /** The data of the task that runs. */
  get_data(): string | number | null
  /** The group of the task that runs. */
  get_gname(): string | number | null
}

interface KsrAuth {
  /** Take the credentials that were checked out of the request. */
  consume_credentials(): number
  /** Does the request carry credentials for this realm? */
  has_credentials(realm: string): number
  /** Ask for credentials with a 401. */
  www_challenge(realm: string, flags: number): number
  /** Ask for credentials with a 407. */
  proxy_challenge(realm: string, flags: number): number
  /** Ask for credentials: a REGISTER with a 401, other requests with a 407. */
  auth_challenge(realm: string, flags: number): number
  /** Check the Authorization of a request against a password. */
  pv_www_authenticate(realm: string, passwd: string, flags: number, method?: string): number
  /** Check the Authorization of a request against a password. */
  pv_www_authorize(realm: string, passwd: string, flags: number, method?: string): number
  /** Check the Proxy-Authorization of a request against a password. */
  pv_proxy_authenticate(realm: string, passwd: string, flags: number): number
  /** Check the Proxy-Authorization of a request against a password. */
  pv_proxy_authorize(realm: string, passwd: string, flags: number): number
  /** Check the credentials that belong to the method, and the user of From and To. */
  pv_auth_check(realm: string, passwd: string, flags: number, checks: number): number
  /** Take another hash than the parameter algorithm says for this message. */
  auth_algorithm(algorithm: string): number
  /** Put a challenge into a variable. */
  auth_get_www_authenticate(realm: string, flags: number, pvdest: string): number
}

interface KsrAuthDb {
  /** Check the Authorization of a request against a table of subscribers. */
  www_authenticate(realm: string, table: string, method?: string): number
  /** Check the Authorization of a request against a table of subscribers. */
  www_authorize(realm: string, table: string, method?: string): number
  /** Check the Proxy-Authorization of a request against a table of subscribers. */
  proxy_authenticate(realm: string, table: string): number
  /** Check the Proxy-Authorization of a request against a table of subscribers. */
  proxy_authorize(realm: string, table: string): number
  /** Check the credentials that belong to the method, and the user of From and To. */
  auth_check(realm: string, table: string, flags: number): number
  /** Is there a subscriber for this URI? */
  is_subscriber(uri: string, table: string, flags: number): number
}

interface KsrAuthRadius {
  /** Show the Authorization of a request to a RADIUS server. */
  www_authorize(realm: string): number
  /** Show the Authorization of a request to a RADIUS server. */
  www_authorize_user(realm: string, uri_user?: string): number
  /** Show the Proxy-Authorization of a request to a RADIUS server. */
  proxy_authorize(realm: string): number
  /** Show the Proxy-Authorization of a request to a RADIUS server. */
  proxy_authorize_user(realm: string, uri_user?: string): number
}

interface KsrAuthXkeys {
  /** Add a header with the hash of the first key of a group and some data. */
  auth_xkeys_add(hdr: string, kid: string, alg: string, data: string): number
  /** Is the header the hash of one of the keys of a group and some data? */
  auth_xkeys_check(hdr: string, kid: string, alg: string, data: string): number
}

interface KsrAvpops {
  /** Copy or move values: flags g all, d move, n to numbers, s to texts. */
  avp_copy(old_name: string, new_name: string): number
  /** Compare values: eq/text/g. */
  avp_check(name: string, op_value: string): number
}

interface KsrBenchmark {
  /** Start a timer. */
  bm_start_timer(timer: string): number
  /** Read a timer, and log what it measured now and then. */
  bm_log_timer(timer: string): number
}

interface KsrBlst {
  /** Block the source of the message for so many seconds, or dst_blocklist_expire. */
  blst_add(timeout?: number): number
  /** Block the source of the message for so many seconds, or dst_blocklist_expire. */
  blst_add_default(): number
  /** Block the source for what its Retry-After header says, between min and max seconds. */
  blst_add_retry_after(min: number, max: number): number
  /** Take the source of the message off the blocklist. */
  blst_del(): number
  /** Is the source of the message blocked? */
  blst_is_blocklisted(): number
  /** Errors of forwarding this message that block nobody. */
  blst_set_ignore(flags?: number): number
  /** Errors of forwarding this message that block nobody. */
  blst_set_ignore_all(): number
  /** The same for replies to this message. */
  blst_rpl_set_ignore(flags?: number): number
  /** The same for replies to this message. */
  blst_rpl_set_ignore_all(): number
  /** Let these errors block again. */
  blst_clear_ignore(flags?: number): number
  /** Let these errors block again. */
  blst_clear_ignore_all(): number
  /** The same for replies to this message. */
  blst_rpl_clear_ignore(flags?: number): number
  /** The same for replies to this message. */
  blst_rpl_clear_ignore_all(): number
}

interface KsrCfgutils {
  /** Set the percent at which rand_event() is true. */
  rand_set_prob(percent: number): number
  /** Set it back to initial_probability. */
  rand_reset_prob(): number
  /** The percent in force, as return code. */
  rand_get_prob(): number
  /** True as often as the percent says. */
  rand_event(): number
  /** Slot of two texts among 2 ** size, counted from 1, as return code. */
  core_hash(first: string, second: string, size: number): number
  /** Set a global flag. */
  set_gflag(flag: number): number
  /** Clear it. */
  reset_gflag(flag: number): number
  /** Is it set? */
  is_gflag(flag: number): number
  /** Wait so many seconds; other messages are routed meanwhile. */
  sleep(seconds: number): number
  /** Wait so many microseconds, to the next millisecond. */
  usleep(microseconds: number): number
  /** Take the lock of a key; waits while it is held. */
  lock(key: string): number
  /** Take the lock of a key if it is free. */
  trylock(key: string): number
  /** Give the lock back. */
  unlock(key: string): number
  /** Is there a route of this name? */
  check_route_exists(route: string): number
  /** Run a route if there is one of this name. */
  route_if_exists(route: string): number
  /** Stop the node. */
  abort(): number
  /** Log how much memory the process uses. */
  pkg_status(): number
  /** Log how much memory the process uses. */
  shm_status(): number
  /** Log how much memory the process uses. */
  pkg_summary(): number
  /** Log how much memory the process uses. */
  shm_summary(): number
}

interface KsrCorex {
  /** Add a destination: this URI with this q, or the request URI with its attributes. */
  append_branch(): number
  /** Add a destination: this URI with this q, or the request URI with its attributes. */
  append_branch_uri(uri?: string): number
  /** Add a destination: this URI with this q, or the request URI with its attributes. */
  append_branch_uri_q(uri?: string, q?: string): number
  /** Send the request as received over UDP. */
  send_udp(host_port?: string): number
  /** Send the request as received over TCP. */
  send_tcp(host_port?: string): number
  /** Send a text to a SIP URI. */
  send_data(uri: string, data: string): number
  /** Send a text to a SIP URI from one of our sockets. */
  sendx(uri: string, sock: string, data: string): number
  /** Send the reply on now. */
  forward_reply(): number
  /** Set an extended transaction flag, 0 to 63. */
  setxflag(flag: number): number
  /** Is this extended flag set? */
  isxflagset(flag: number): number
  /** Clear an extended flag. */
  resetxflag(flag: number): number
  /** Set an internal flag: USE_UAC_FROM, USE_UAC_TO, UAC_AUTH. */
  msg_iflag_set(flagname: string): number
  /** Clear an internal flag. */
  msg_iflag_reset(flagname: string): number
  /** Is this internal flag set? */
  msg_iflag_is_set(flagname: string): number
  /** Send from this socket. */
  set_send_socket(saddr: string): number
  /** Send from the socket with this name. */
  set_send_socket_name(sname: string): number
  /** Let the message count as received on this socket. */
  set_recv_socket(saddr: string): number
  /** Let the message count as received on the socket with this name. */
  set_recv_socket_name(sname: string): number
  /** Let the message count as sent from this address. */
  set_source_address(saddr: string): number
  /** Has one of our sockets this name? */
  is_socket_name(sockname: string): number
  /** 1: our Via names the server_id; 0: no more. */
  via_add_srvid(flags: number): number
  /** 1: our Via has the parameters in the xavp of xavp_via_params; 0: no more. */
  via_add_xavp_params(flags: number): number
  /** 1: our Via has host and port of the xavp of xavp_via_fields; 0: no more. */
  via_use_xavp_fields(flags: number): number
  /** In event_route[network:msg]: is it a packet that came in? */
  is_incoming(): number
  /** Is the message made up for a route that runs without one? */
  is_faked_msg(): number
  /** The text of a file, empty when it cannot be read. */
  file_read(fpath: string): string
  /** Write a text to a file. */
  file_write(fpath: string, content: string): number
  /** Has the request URI a user? */
  has_ruri_user(): number
  /** Is there a User-Agent? */
  has_user_agent(): number
}

interface KsrCounters {
  /** Add one to a script counter. */
  inc(name: string): number
  /** Add a number to a script counter. */
  add(name: string, number: number): number
  /** Set a script counter back to 0. */
  reset(name: string): number
}

interface KsrDebugger {
  /** Log the variables of the script as JSON. */
  dbg_pv_dump(): number
  /** Log the variables of the script as JSON. */
  dbg_pv_dump_ex(mask?: number, level?: number): number
}

interface KsrDialog {
  /** Begins a dialog with this INVITE, or finds the dialog of a request within one. */
  dlg_manage(): number
  /** Does this message belong to a dialog? */
  is_known_dlg(): number
  /** Makes the dialog with this Call-ID and these tags the one of this message. */
  dlg_get(callid: string, ftag: string, ttag: string): number
  /** Ends the dialog: BYE to one side or both. */
  dlg_bye(side: string): number
  /** Calls an address and refers it to another one. */
  dlg_bridge(from: string, to: string, outbound_proxy: string): number
  /** Sets a flag of the dialog. */
  dlg_setflag(flag: number): number
  /** Takes a flag of the dialog back. */
  dlg_resetflag(flag: number): number
  /** Is this flag of the dialog set? */
  dlg_isflagset(flag: number): number
  /** Switches something on for the dialog: ka-src, ka-dst, timeout-noreset. */
  dlg_set_property(property: string): number
  /** Switches it off again. */
  dlg_reset_property(property: string): number
  /** The dialog lasts so many seconds from now on; this one, or that of slot and number. */
  dlg_set_timeout(timeout: number): number
  /** The dialog lasts so many seconds from now on; this one, or that of slot and number. */
  dlg_set_timeout_id(timeout: number, h_entry?: number, h_id?: number): number
  /** Sets a variable of another dialog. */
  dlg_set_var(callid: string, ftag: string, ttag: string, key: string, value: string): number
  /** Sends a request within the dialog: to whom, what, with headers and a body. */
  dlg_req_within(
    side: string,
    method: string,
    headers_or_type?: string,
    type_or_body?: string,
    body?: string,
  ): number
  /** Puts the dialog into a state. */
  dlg_set_state(state: number): number
  /** Does with this request what loose_route() does for the dialog. */
  dlg_update_state(): number
  /** Takes the Contact of the sender from this message. */
  dlg_update_contact(): number
  /** Takes our socket towards the sender from this message. */
  dlg_update_socket(): number
  /** Refers a side of another dialog, by its Call-ID. Not supported. */
  dlg_refer_cid(side: string, address: string, callid: string): number
  /** Refers a side of another dialog, by its slot and number. Not supported. */
  dlg_refer_did(side: string, address: string, h_entry: string, h_id: string): number
  /** Forgets the dialogs of another node. Needs DMQ, which is not supported. */
  dlg_remove_dialogs_from_node(node: string): number
  /** Counts the dialog of this message in a profile. */
  set_dlg_profile_static(profile: string): number
  /** Counts the dialog of this message in a profile. */
  set_dlg_profile(profile: string, value?: string): number
  /** Takes the dialog of this message out of a profile. */
  unset_dlg_profile_static(profile: string): number
  /** Takes the dialog of this message out of a profile. */
  unset_dlg_profile(profile: string, value?: string): number
  /** Is the dialog of this message in a profile? */
  is_in_profile_static(profile: string): number
  /** Is the dialog of this message in a profile? */
  is_in_profile(profile: string, value?: string): number
  /** Puts the number of dialogs in a profile into a variable. */
  get_profile_size_static(profile: string, result: string): number
  /** Puts the number of dialogs in a profile into a variable. */
  get_profile_size(profile: string, value: string, result?: string): number
  /** Changes the lifetime of all dialogs in a profile. */
  dlg_set_timeout_by_profile(profile: string, value: string, timeout?: number): number
  /** Adds or removes an item of a profile that comes from another node. */
  dlg_remote_profile(
    command: string,
    profile: string,
    value: string,
    uid: string,
    expires: number,
  ): number
  /** Reads the dialogs with this Call-ID from the database. */
  dlg_db_load_callid(callid: string): number
  /** Reads those dialogs from the database that are not in memory. */
  dlg_db_load_extra(): number
  /** A variable of the dialog; null when there is none. */
  var_get(name: string): string | number | null
  /** A variable of the dialog; an empty text when there is none. */
  var_gete(name: string): string | number
  /** A variable of the dialog; <null> when there is none. */
  var_getw(name: string): string | number
  /** Sets a variable of the dialog. */
  var_sets(name: string, value: string): number
  /** Removes a variable of the dialog. */
  var_rm(name: string): number
  /** Has the dialog no such variable? */
  var_is_null(name: string): number
  /** A variable of another dialog; null when there is none. */
  dlg_get_var(callid: string, ftag: string, ttag: string, key: string): string | null
}

interface KsrDialplan {
  /** Translate a variable, or the user of the request URI, into another. */
  dp_translate(dpid: number): number
  /** Translate a text into a variable. */
  dp_replace(dpid: number, input: string, output: string): number
  /** Look for the rule that matches, and put its attributes where they belong. */
  dp_match(dpid: number, input: string): number
  /** Load the rules anew, without waiting for it. */
  dp_reload(): number
  /** Translate a variable into another, both by their names. */
  dp_translate_vars(dpid: number, src: string, dest: string): number
}

interface KsrDispatcher {
  /** Choose a destination of a set and keep it and the others in the xavp, no more. */
  ds_select(set: number, algorithm: number): number
  /** Choose a destination of a set and keep it and the others in the xavp, no more. */
  ds_select_limit(set: number, algorithm: number, limit?: number): number
  /** Choose a destination of a set as the next hop. */
  ds_select_dst(set: number, algorithm: number): number
  /** Choose a destination of a set as the next hop. */
  ds_select_dst_limit(set: number, algorithm: number, limit?: number): number
  /** Choose a destination of a set as host and port of the request URI. */
  ds_select_domain(set: number, algorithm: number): number
  /** Choose a destination of a set as host and port of the request URI. */
  ds_select_domain_limit(set: number, algorithm: number, limit?: number): number
  /** Choose destinations of several sets: "1=4;2=8" are sets with their algorithms. */
  ds_select_routes(rules: string, mode: string): number
  /** Choose destinations of several sets: "1=4;2=8" are sets with their algorithms. */
  ds_select_routes_limit(rules: string, mode: string, limit?: number): number
  /** The next destination that was kept becomes the next hop. */
  ds_next_dst(): number
  /** The next destination that was kept becomes host and port of the request URI. */
  ds_next_domain(): number
  /** The first destination that was kept becomes the next hop. */
  ds_set_dst(): number
  /** The first destination that was kept becomes host and port of the request URI. */
  ds_set_domain(): number
  /** Give the destination in force another state: a, i, t, d, and p for probed. */
  ds_mark_dst(): number
  /** Give the destination in force another state: a, i, t, d, and p for probed. */
  ds_mark_dst_state(state?: string): number
  /** Is a destination of the set up, this one or any? */
  ds_is_active(set: number): number
  /** Is a destination of the set up, this one or any? */
  ds_is_active_uri(set: number, uri?: string): number
  /** Is the sender, or a URI, a destination of a set, or of any? */
  ds_is_from_lists(): number
  /** Is the sender, or a URI, a destination of a set, or of any? */
  ds_is_from_list(set?: number): number
  /** Is the sender, or a URI, a destination of a set, or of any? */
  ds_is_from_list_mode(set?: number, mode?: number): number
  /** Is the sender, or a URI, a destination of a set, or of any? */
  ds_is_from_list_uri(set?: number, mode?: number, uri?: string): number
  /** Is there such a set? */
  ds_list_exists(set: number): number
  /** Note what this message does to the calls of its destination. */
  ds_load_update(): number
  /** The call is not at its destination any more. */
  ds_load_unset(): number
  /** Load the list anew. */
  ds_reload(): number
}

interface KsrDiversion {
  /** Adds a Diversion header above those that are there. */
  add_diversion(reason: string): number
  /** Adds a Diversion header above those that are there. */
  add_diversion_uri(reason: string, uri?: string): number
}

interface KsrDomain {
  /** Is the host of the From URI a domain of ours? */
  is_from_local(): number
  /** Is the host of the request URI a domain of ours? */
  is_uri_host_local(): number
  /** Is this a domain of ours? */
  is_domain_local(domain: string): number
  /** The same, and leaves its identifier and attributes in AVPs. */
  lookup_domain(domain: string): number
  /** The same, and leaves its identifier and attributes in AVPs. */
  lookup_domain_prefix(domain: string, prefix?: string): number
}

interface KsrDrouting {
  /** Route the request by the rules of a group, or of the group of the caller. */
  do_routing_furi(): number
  /** Route the request by the rules of a group, or of the group of the caller. */
  do_routing(groupID?: number): number
  /** Go to the next gateway of the rule. */
  use_next_gw(): number
  /** The same. */
  next_routing(): number
  /** Does the request go to a gateway, or to one of a type? */
  goes_to_gw(): number
  /** Does the request go to a gateway, or to one of a type? */
  goes_to_gw_type(type?: number): number
  /** Does it come from a gateway? With a flag its digits are stripped. */
  is_from_gw(): number
  /** Does it come from a gateway? With a flag its digits are stripped. */
  is_from_gw_type(type?: number): number
  /** Does it come from a gateway? With a flag its digits are stripped. */
  is_from_gw_type_flags(type?: number, flag?: number): number
}

interface KsrExec {
  /** Run a command; the lines that it writes are the new destinations. */
  exec_dset(command: string): number
  /** Run a command that reads the message. */
  exec_msg(command: string): number
  /** Run a command; the lines that it writes become AVPs. */
  exec_avp(command: string): number
  /** Run a command. */
  exec_cmd(command: string): number
}

interface KsrGroup {
  /** Is a user a member of a group? */
  is_user_in(URI: string, group: string): number
}

interface KsrHdr {
  /** Put header lines behind all others. */
  append(line: string): number
  /** Put header lines behind the last header of this name. */
  append_after(line: string, name: string): number
  /** Put header lines before all others. */
  insert(line: string): number
  /** Put header lines before the first header of this name. */
  insert_before(line: string, name: string): number
  /** Take all headers of this name out. */
  remove(name: string): number
  /** Take all headers of this name out and put lines behind all others. */
  rmappend(name: string, line: string): number
  /** Take all headers of this name out and put lines before all others. */
  rminsert(name: string, line: string): number
  /** Add header lines to the replies that this node makes. */
  append_to_reply(line: string): number
  /** The body of the first header of this name; null when there is none. */
  get(name: string): string | number | null
  /** The body of the first header of this name; an empty text when there is none. */
  gete(name: string): string | number
  /** The body of the first header of this name; <null> when there is none. */
  getw(name: string): string | number
  /**
   * The body of one header of this name, counted from 0, or from -1 backwards; null when
   * there is none.
   */
  get_idx(name: string, index: number): string | number | null
  /**
   * The body of one header of this name, counted from 0, or from -1 backwards; an empty text
   * when there is none.
   */
  gete_idx(name: string, index: number): string | number
  /**
   * The body of one header of this name, counted from 0, or from -1 backwards; <null> when
   * there is none.
   */
  getw_idx(name: string, index: number): string | number
  /** Is there a header of this name? */
  is_present(name: string): number
  /** Do headers of this name fit? eq, ne, sw or in; f first, l last, a all, o one of them. */
  match_content(name: string, operator: string, wanted: string, which: string): boolean
}

interface KsrHtable {
  /** Log all tables at debug level. */
  sht_print(): number
  /** Take the lock of an item. */
  sht_lock(table: string, name: string): number
  /** Give it back. */
  sht_unlock(table: string, name: string): number
  /** Empty a table. */
  sht_reset(table: string): number
  /** Remove an item. */
  sht_rm(table: string, name: string): number
  /** Remove the items whose names match. */
  sht_rm_name_re(table: string, expression: string): number
  /** Remove the items whose texts match. */
  sht_rm_value_re(table: string, expression: string): number
  /** Remove items by their names: re an expression, sw the beginning. */
  sht_rm_name(table: string, operator: string, text: string): number
  /** Remove items by their texts: re an expression, sw the beginning. */
  sht_rm_value(table: string, operator: string, text: string): number
  /** Set an item to a text that lives so many seconds. */
  sht_setxs(table: string, name: string, value: string, seconds: number): number
  /** Set an item to a number that lives so many seconds. */
  sht_setxi(table: string, name: string, value: number, seconds: number): number
  /** Add 1 to an item; the sum is the return code. */
  sht_inc(table: string, name: string): number
  /** Take 1 from an item; what is left is the return code. */
  sht_dec(table: string, name: string): number
  /** Is there an item whose name matches: eq, ne, re, sw? */
  sht_match_name(table: string, operator: string, text: string): number
  /** The same. */
  sht_has_name(table: string, operator: string, text: string): number
  /** Is there an item whose text matches: eq, ne, re, sw? */
  sht_match_str_value(table: string, operator: string, text: string): number
  /** The same. */
  sht_has_str_value(table: string, operator: string, text: string): number
  /** Is there no such item? */
  sht_is_null(table: string, name: string): number
  /** Begin to go over the items of a table. */
  sht_iterator_start(iterator: string, table: string): number
  /** Go to the next item; false behind the last. */
  sht_iterator_next(iterator: string): number
  /** End it. */
  sht_iterator_end(iterator: string): number
  /** Remove the item at which it is. */
  sht_iterator_rm(iterator: string): number
  /** Give the item at which it is a text. */
  sht_iterator_sets(iterator: string, value: string): number
  /** Give the item at which it is a number. */
  sht_iterator_seti(iterator: string, value: number): number
  /** Give the item at which it is so many seconds. */
  sht_iterator_setex(iterator: string, seconds: number): number
  /** The value of an item; null when there is none. */
  sht_get(table: string, name: string): string | number | null
  /** The value of an item; an empty text when there is none. */
  sht_gete(table: string, name: string): string | number
  /** The value of an item; <null> when there is none. */
  sht_getw(table: string, name: string): string | number
  /** Set an item to a text. */
  sht_sets(table: string, name: string, value: string): number
  /** Set an item to a number. */
  sht_seti(table: string, name: string, value: number): number
  /** Give an item so many seconds. */
  sht_setex(table: string, name: string, value: number): number
}

interface KsrHttpAsyncClient {
  /** Ask a web server, and go on in a route when it has answered. */
  query(url: string, route: string): number
}

interface KsrHttpClient {
  /** Ask with GET, or with POST where there is something to post. */
  query(url: string, result: string): number
  /** Ask with GET, or with POST where there is something to post. */
  query_post(url: string, post: string, result?: string): number
  /** Ask with GET, or with POST where there is something to post. */
  query_post_hdrs(url: string, post: string, headers?: string, result?: string): number
  /** Ask with GET, and perhaps a body. */
  get(url: string, body: string, headers: string, result: string): number
  /** Ask the server of a connection, with GET or with POST. */
  curl_connect(connection: string, url: string, result: string): number
  /** Ask the server of a connection, with GET or with POST. */
  curl_connect_post(
    connection: string,
    url: string,
    content_type: string,
    data?: string,
    result?: string,
  ): number
  /** Where the last answer of a connection came from. */
  curl_get_redirect(connection: string, result: string): number
}

interface KsrIpops {
  /** Is it an address, IPv6 with or without brackets? */
  is_ip(ip: string): number
  /** Is it an address without brackets? */
  is_pure_ip(ip: string): number
  /** Is it an IPv4 address? */
  is_ip4(ip: string): number
  /** Is it an IPv6 address without brackets? */
  is_ip6(ip: string): number
  /** Is it an IPv6 address in brackets? */
  is_ip6_reference(ip: string): number
  /** Is it a private IPv4 address? */
  is_ip_rfc1918(ip: string): number
  /** 1 for IPv4, 2 for IPv6, 3 for IPv6 in brackets. */
  ip_type(ip: string): number
  /** Put what an address is for into a variable. */
  detailed_ip_type(ip: string, variable: string): number
  /** The same for IPv4 only. */
  detailed_ipv4_type(ip: string, variable: string): number
  /** The same for IPv6 only. */
  detailed_ipv6_type(ip: string, variable: string): number
  /** Are two addresses the same, however they are written? */
  compare_ips(ip1: string, ip2: string): number
  /** The same without brackets. */
  compare_pure_ips(ip1: string, ip2: string): number
  /** Is an address in one of these networks? */
  is_in_subnet(ip: string, networks: string): number
  /** Is an address in one of these networks? */
  ip_is_in_subnet(ip: string, networks: string): number
  /** Ask for the addresses of a host: $dns(id=>...). */
  dns_query(host: string, id: string): number
  /** Ask for services: $srvquery(id=>...). */
  srv_query(name: string, id: string): number
  /** Ask for NAPTR records: $naptrquery(id=>...). */
  naptr_query(name: string, id: string): number
  /** Ask for the name of an address: $ptrquery(id=>hostname). */
  ptr_query(ip: string, id: string): number
  /** Does a host have this address? */
  dns_int_match_ip(host: string, ip: string): number
  /** The same. */
  dns_sys_match_ip(host: string, ip: string): number
  /** Does nothing: answers live as long as name servers say. */
  dns_set_local_ttl(seconds: number): number
}

interface KsrJansson {
  /** Put what is at a path into a variable. */
  get(path: string, json: string, variable: string): number
  /** Put what is at a path into a variable. */
  jansson_get(path: string, json: string, variable: string): number
  /** Put a member of an object into a variable; its name may hold dots. */
  jansson_get_field(json: string, name: string, variable: string): number
  /** Put the number of elements of an array into a variable. */
  jansson_array_size(path: string, json: string, variable: string): number
  /** Set what is at a path of the JSON in a variable. */
  jansson_set(type: string, path: string, value: string, variable: string): number
  /** Put an element at the end of an array of the JSON in a variable. */
  jansson_append(type: string, path: string, value: string, variable: string): number
  /** Make an XAVP of the members of an object. */
  jansson_xdecode(json: string, xavp: string): number
  /** Write an XAVP as JSON into a variable. */
  jansson_xencode(xavp: string, variable: string): number
}

interface KsrJson {
  /** Put a member of an object into a variable, as JSON. */
  json_get_field(json: string, name: string, variable: string): number
  /** The same; a text without its quotes. */
  json_get_string(json: string, name: string, variable: string): number
}

interface KsrJsonrpcs {
  /** Answer the HTTP request with the result of the JSON-RPC command in its body. */
  dispatch(): number
  /** Execute a JSON-RPC command; $jsonrpl has the result. */
  exec(command: string): number
  /** Execute a JSON-RPC command; $jsonrpl has the result. */
  execx(command: string): number
  /** The result of the last exec: its JSON text, null before the first. */
  response(): string | null
}

interface KsrKeepalive {
  /** Is the destination up (1) or down (2)? */
  is_alive(destination: string): number
  /** Watches a destination from now on. */
  add_destination(sip_uri: string, owner: string): number
  /** Watches a destination no longer. */
  del_destination(sip_uri: string, owner: string): number
}

interface KsrKex {
  /** Set a script flag. */
  setsflag(flag: number): number
  /** Is this script flag set? */
  issflagset(flag: number): number
  /** Clear a script flag. */
  resetsflag(flag: number): number
  /** Set a flag of a branch. */
  setbflag(flag: number, branch?: number): number
  /** Is this flag of a branch set? */
  isbflagset(flag: number, branch?: number): number
  /** Clear a flag of a branch. */
  resetbflag(flag: number, branch?: number): number
  /** Send the request to this URI instead of the request URI. */
  setdsturi(uri: string): number
  /** Send the request to its request URI again. */
  resetdsturi(): number
  /** Is there a URI to send to instead of the request URI? */
  isdsturiset(): number
  /** Evaluate a format into a variable. */
  pv_printf(var_: string, str: string): number
  /** Evaluate a format into a variable. */
  avp_printf(var_: string, str: string): number
  /** Does this URI or host mean us? */
  is_myself(uri: string): number
  /** Log up to this level. */
  setdebug(level: number): number
  /** Log up to the level of the core parameter debug again. */
  resetdebug(): number
}

interface KsrKx {
  /** The request URI. */
  get_ruri(): string | number | null
  /** The user of the request URI; null when there is none. */
  get_ruser(): string | number | null
  /** The user of the request URI; an empty text when there is none. */
  gete_ruser(): string | number
  /** The user of the request URI; <null> when there is none. */
  getw_ruser(): string | number
  /** The host of the request URI; null when there is none. */
  get_rhost(): string | number | null
  /** The host of the request URI; an empty text when there is none. */
  gete_rhost(): string | number
  /** The host of the request URI; <null> when there is none. */
  getw_rhost(): string | number
  /** The request URI as received. */
  get_ouri(): string | number | null
  /** The URI of From. */
  get_furi(): string | number | null
  /** The user of From; null when there is none. */
  get_fuser(): string | number | null
  /** The user of From; an empty text when there is none. */
  gete_fuser(): string | number
  /** The user of From; <null> when there is none. */
  getw_fuser(): string | number
  /** The host of From; null when there is none. */
  get_fhost(): string | number | null
  /** The host of From; an empty text when there is none. */
  gete_fhost(): string | number
  /** The host of From; <null> when there is none. */
  getw_fhost(): string | number
  /** The URI of To. */
  get_turi(): string | number | null
  /** The user of To; null when there is none. */
  get_tuser(): string | number | null
  /** The user of To; an empty text when there is none. */
  gete_tuser(): string | number
  /** The user of To; <null> when there is none. */
  getw_tuser(): string | number
  /** The host of To; null when there is none. */
  get_thost(): string | number | null
  /** The host of To; an empty text when there is none. */
  gete_thost(): string | number
  /** The host of To; <null> when there is none. */
  getw_thost(): string | number
  /** The next hop that was set; null when there is none. */
  get_duri(): string | number | null
  /** The next hop that was set; an empty text when there is none. */
  gete_duri(): string | number
  /** The next hop that was set; <null> when there is none. */
  getw_duri(): string | number
  /** The URI of Contact; null when there is none. */
  get_cturi(): string | number | null
  /** The URI of Contact; an empty text when there is none. */
  gete_cturi(): string | number
  /** The URI of Contact; <null> when there is none. */
  getw_cturi(): string | number
  /** The next hop: the one that was set, else the request URI. */
  get_nhuri(): string | number | null
  /** The address that it came from. */
  get_srcip(): string | number | null
  /** The port that it came from. */
  get_srcport(): string | number | null
  /** Where it came from, as a URI. */
  get_srcuri(): string | number | null
  /** Where it came from, as proto:address:port. */
  get_srcaddr_sock(): string | number | null
  /** The transport that it came by. */
  get_proto(): string | number | null
  /** The transport that it came by, as a number. */
  get_protoid(): number
  /** The connection that it came by, -1 for datagrams. */
  get_conid(): number
  /** The address that it arrived at. */
  get_rcvip(): string | number | null
  /** The port that it arrived at. */
  get_rcvport(): string | number | null
  /** The socket that it arrived at, as proto:address:port. */
  get_rcvaddr_sock(): string | number | null
  /** The name of the socket that it arrived at. */
  get_rcv_sock_name(): string | number | null
  /** The address that this socket advertises. */
  get_rcvadvip(): string | number | null
  /** The port that this socket advertises. */
  get_rcvadvport(): string | number | null
  /** The socket that it is to leave from, as proto:address:port. */
  get_send_sock(): string | number | null
  /** The name of the socket that it is to leave from. */
  get_send_sock_name(): string | number | null
  /** The port that it is to leave from, 0 when none was chosen. */
  get_send_sock_port(): number
  /** The method; of a reply that of its CSeq. */
  get_method(): string | number | null
  /** The Call-ID. */
  get_callid(): string | number | null
  /** User-Agent; null when there is none. */
  get_ua(): string | number | null
  /** User-Agent; an empty text when there is none. */
  gete_ua(): string | number
  /** User-Agent; <null> when there is none. */
  getw_ua(): string | number
  /** The user of the credentials; null when there is none. */
  get_au(): string | number | null
  /** The user of the credentials; an empty text when there is none. */
  gete_au(): string | number
  /** The user of the credentials; <null> when there is none. */
  getw_au(): string | number
  /** The body; null when there is none. */
  get_body(): string | number | null
  /** The body; an empty text when there is none. */
  gete_body(): string | number
  /** The body; <null> when there is none. */
  getw_body(): string | number
  /** The length of the body. */
  get_bodylen(): number
  /** The status of a reply, -1 for a request. */
  get_status(): number
  /** The status of a reply as a text, null for a request. */
  gets_status(): string | null
  /** The text of the message. */
  get_msgbuf(): string | number | null
  /** The length of the message. */
  get_msglen(): number
  /** 1 for a request, 2 for a reply. */
  get_msgtype(): number
  /** Seconds since 1970. */
  get_timestamp(): number
  /** The value of a #!define, empty when there is none. */
  get_def(name: string): string
  /** The value of a #!define as a number, 0 when it is none. */
  get_defn(name: string): number
  /** Is this name defined? */
  ifdef(name: string): boolean
  /** Is this name not defined? */
  ifndef(name: string): boolean
  /** A variable of the environment, empty when there is none. */
  get_env(name: string): string
  /** A variable of the environment as a number, 0 when it is none. */
  get_envn(name: string): number
}

interface KsrLdap {
  /** Search; gives the number of entries. */
  ldap_search(ldap_url: string): number
  /** Store the values of an attribute in an AVP. */
  ldap_result(ldap_attr_name_avp_spec: string, regex_subst?: string): number
  /** Has an attribute this value? */
  ldap_result_check(ldap_attr_name_string_to_match: string, regex_subst?: string): number
  /** Go on to the next entry. */
  ldap_result_next(): number
  /** Escape a text for the filter of a search. */
  ldap_filter_url_encode(string: string, avp_spec: string): number
}

interface KsrMaxfwd {
  /** Count Max-Forwards down, or add it with max_value. */
  maxfwd_process(max_value: number): number
  /** Count Max-Forwards down, or add it with max_value. */
  mf_process_maxfwd_header(max_value: number): number
  /** Count Max-Forwards down, or add it with max_value. */
  process_maxfwd(max_value: number): number
  /** Is Max-Forwards less than max_value? */
  is_maxfwd_lt(max_value: number): number
  /** Is Max-Forwards less than max_value? */
  maxfwd_at_least(max_value: number): number
  /** Is Max-Forwards less than max_value? */
  mf_lowlimit(max_value: number): number
}

interface KsrMiscRadius {
  /** Load what is known of a caller into AVPs. */
  load_caller_avps(caller: string): number
  /** Load what is known of a callee into AVPs. */
  load_callee_avps(callee: string): number
  /** Is a user in a group? */
  is_user_in(user: string, group: string): number
  /** Does a URI belong to a user? Without one, the request URI. */
  does_uri_exist(): number
  /** Does a URI belong to a user? Without one, the request URI. */
  does_uri_exist_uval(uri?: string): number
  /** Is there such a user? Without one, the one of the request URI. */
  does_uri_user_exist(): number
  /** Is there such a user? Without one, the one of the request URI. */
  does_uri_user_exist_uval(user?: string): number
}

interface KsrMqueue {
  /** Put a key and a value at the end of a queue. */
  mq_add(queue: string, key: string, value: string): number
  /** Take the oldest entry into $mqk and $mqv. */
  mq_fetch(queue: string): number
  /** How many entries there are. */
  mq_size(queue: string): number
  /** Empty $mqk and $mqv. */
  mq_pv_free(queue: string): number
  /** The key that was fetched last; null when there is none. */
  mqk_get(queue: string): string | number | null
  /** The key that was fetched last; an empty text when there is none. */
  mqk_gete(queue: string): string | number
  /** The key that was fetched last; <null> when there is none. */
  mqk_getw(queue: string): string | number
  /** Its value; null when there is none. */
  mqv_get(queue: string): string | number | null
  /** Its value; an empty text when there is none. */
  mqv_gete(queue: string): string | number
  /** Its value; <null> when there is none. */
  mqv_getw(queue: string): string | number
}

interface KsrMtree {
  /** Look for the longest prefix of a number in a tree, or with mode 2 for all. */
  mt_match(mtree: string, pv: string, mode: number): number
}

interface KsrNdbRedis {
  /** Send a command and wait for its reply. */
  redis_cmd(
    srvname: string,
    command: string,
    argument_or_result: string,
    argument_or_result2?: string,
    argument_or_result3?: string,
    result?: string,
  ): number
  /** Put a command into the queue of its server. */
  redis_pipe_cmd(
    srvname: string,
    command: string,
    argument_or_result: string,
    argument_or_result2?: string,
    argument_or_result3?: string,
    result?: string,
  ): number
  /** Send what is in the queue of a server and wait for the replies. */
  redis_execute(srvname: string): number
  /** Forget a reply. */
  redis_free(result: string): number
}

interface KsrPath {
  /** Adds a Path header with our address. */
  add_path(): number
  /** Adds a Path header with our address. */
  add_path_user(user?: string): number
  /** Adds a Path header with our address. */
  add_path_user_params(user?: string, parameters?: string): number
  /** The same, with the address that the request came from. */
  add_path_received(): number
  /** The same, with the address that the request came from. */
  add_path_received_user(user?: string): number
  /** The same, with the address that the request came from. */
  add_path_received_user_params(user?: string, parameters?: string): number
}

interface KsrPdt {
  /** Put the domain of the prefix of the request URI in place. */
  pprefix2domain(rewrite_mode?: number, multidomain_mode?: number): number
  /** The same with the prefixes of a source domain. */
  pd_translate(sdomain: string, rewrite_mode: number): number
}

interface KsrPermissions {
  /** Is this address and port in the group? */
  allow_address(group: number, address: string, port: number): number
  /** The group in which this address and port are, -1 for none. */
  allow_address_group(address: string, port: number): number
  /** Is the sender in the group? Without one: group 1. */
  allow_source_address(group?: number): number
  /** The group in which the sender is, -1 for none. */
  allow_source_address_group(): number
  /** Is the sender, or this address, a trusted peer for this request? */
  allow_trusted(): number
  /** Is the sender, or this address, a trusted peer for this request? */
  allow_trusted_uri(address?: string, proto?: string): number
  /** Is the sender, or this address, a trusted peer for this request? */
  allow_trusted_furi(address?: string, proto?: string, from?: string): number
  /** Do the rules allow that this From calls this request URI and all branches? */
  allow_routing(basename_or_allow_file?: string, deny_file?: string): number
  /** Do the rules allow that this To registers these contacts? */
  allow_register(basename_or_allow_file: string, deny_file?: string): number
  /** Do the rules allow that this From goes with this URI? */
  allow_uri(basename: string, uri: string): number
}

interface KsrPike {
  /** Count this packet for the address that it is from. True: it does not send too much. */
  pike_check_req(): number
  /** The same for another address. */
  pike_check_ip(address: string): number
}

interface KsrPipelimit {
  /** Count a packet for a pipe. True: it may pass. */
  pl_check(pipe: string): number
  /** Count a packet for a pipe. True: it may pass. */
  pl_check_limit(pipe: string, algorithm?: string, limit?: number): number
  /** Is there such a pipe? */
  pl_active(pipe: string): number
  /** Answer 503, with a Retry-After of so many seconds. */
  pl_drop(): number
  /** Answer 503, with a Retry-After of so many seconds. */
  pl_drop_retry(seconds?: number): number
  /** Answer 503, with a Retry-After of so many seconds. */
  pl_drop_range(seconds?: number, most?: number): number
}

interface KsrPv {
  /** The value of a pseudo-variable, null when it has none. */
  get(name: string): string | number | null
  /** The same; an empty text when it has none. */
  gete(name: string): string | number
  /** The same; <null> when it has none. */
  getw(name: string): string | number
  /** The value as a number, 0 when it is none. */
  geti(name: string): number
  /** The value; this number when it has none. */
  getvn(name: string, absent: number): string | number
  /** The value; this text when it has none. */
  getvs(name: string, absent: string): string | number
  /** Assign a number to a pseudo-variable. */
  seti(name: string, value: number): boolean
  /** Assign a text to a pseudo-variable; variables in the text stay as they are. */
  sets(name: string, value: string): boolean
  /** Assign null to a pseudo-variable. */
  unset(name: string): boolean
  /** Has a pseudo-variable no value? */
  is_null(name: string): boolean
}

interface KsrPvx {
  /** Is the variable other than null? */
  pv_isset(pvar: string): number
  /** Assign null to the variable. */
  pv_unset(pvar: string): number
  /** Is the value a number? */
  is_int(pvar: string): number
  /** Is the value of this type: int, str or null? */
  typeof(pvar: string, vtype: string): number
  /** Is the value a text with something in it? */
  not_empty(pvar: string): number
  /** Evaluate a format, then what it gave, and store the result. */
  evalx(dst: string, fmt: string): number
  /** Set $xavp(rname=>cname) to a number; what is not there is made. */
  xavp_child_seti(rname: string, cname: string, ival: number): number
  /** Set $xavp(rname=>cname) to a text; what is not there is made. */
  xavp_child_sets(rname: string, cname: string, sval: string): number
  /** Take the newest $xavp(rname) away. */
  xavp_rm(rname: string): number
  /** Take all $xavp(rname) away. */
  xavp_rm_all(rname: string): number
  /** Take $xavp(rname=>cname) away. */
  xavp_child_rm(rname: string, cname: string): number
  /** Set $xavi(rname=>cname) to a number; what is not there is made. */
  xavi_child_seti(rname: string, cname: string, ival: number): number
  /** Set $xavi(rname=>cname) to a text; what is not there is made. */
  xavi_child_sets(rname: string, cname: string, sval: string): number
  /** Take the newest $xavi(rname) away. */
  xavi_rm(rname: string): number
  /** Take all $xavi(rname) away. */
  xavi_rm_all(rname: string): number
  /** Take $xavi(rname=>cname) away. */
  xavi_child_rm(rname: string, cname: string): number
  /** Copy an XAVP behind those of another name, or in the place of one of them. */
  xavp_copy(source_name: string, source_index: number, destination_name: string): number
  /** Copy an XAVP behind those of another name, or in the place of one of them. */
  xavp_copy_dst(
    source_name: string,
    source_index: number,
    destination_name: string,
    destination_index?: number,
  ): number
  /** Read a=b;c=d into the values of a new XAVP. */
  xavp_params_explode(sparams: string, xname: string): number
  /** The same with another character between the parameters. */
  xavp_xparams_explode(sparams: string, sep: string, xname: string): number
  /** Write the values of an XAVP as a=b;c=d; into a variable. */
  xavp_params_implode(xname: string, pvname: string): number
  /** Read a=b;c=d into the values of an XAVU. */
  xavu_params_explode(sparams: string, xname: string): number
  /** Write the values of an XAVU as a=b;c=d; into a variable. */
  xavu_params_implode(xname: string, pvname: string): number
  /** Split a text at any of the separators into the values v of a new XAVP. */
  xavp_slist_explode(slist: string, sep: string, mode: string, xname: string): number
  /** Copy a script variable, or all of them with *, into an XAVP. */
  pv_var_to_xavp(varname: string, xname: string): number
  /** Copy the values of an XAVP into script variables. */
  pv_xavp_to_var(xname: string): number
  /** Log all XAVPs. */
  pv_xavp_print(): number
  /** Log all XAVIs. */
  pv_xavi_print(): number
  /** Log all XAVUs. */
  pv_xavu_print(): number
  /** Add the static branch to the destinations. */
  sbranch_append(): number
  /** Make the static branch the request URI with its attributes. */
  sbranch_set_ruri(): number
  /** Empty the static branch. */
  sbranch_reset(): number
  /** The value of $var(name), 0 when it was never set. */
  var_get(name: string): string | number
  /** Set $var(name) to a number. */
  var_seti(name: string, value: number): number
  /** Set $var(name) to a text. */
  var_sets(name: string, value: string): number
  /** The value of $shv(name), 0 when it was never set. */
  shv_get(name: string): string | number
  /** Set $shv(name) to a number. */
  shv_seti(name: string, value: number): number
  /** Set $shv(name) to a text. */
  shv_sets(name: string, value: string): number
  /** The value of $avp(name); null when there is none. */
  avp_get(name: string): string | number | null
  /** The value of $avp(name); an empty text when there is none. */
  avp_gete(name: string): string | number
  /** The value of $avp(name); <null> when there is none. */
  avp_getw(name: string): string | number
  /** 1 when $avp(name) has no value, else -1. */
  avp_is_null(name: string): number
  /** Set $avp(name) to a number. */
  avp_seti(name: string, value: number): number
  /** Set $avp(name) to a text. */
  avp_sets(name: string, value: string): number
  /** Take the newest $avp(name) away. */
  avp_rm(name: string): number
  /** The value of $xavp(name); null when there is none. */
  xavp_get(name: string): string | number | null
  /** The value of $xavp(name); an empty text when there is none. */
  xavp_gete(name: string): string | number
  /** The value of $xavp(name); <null> when there is none. */
  xavp_getw(name: string): string | number
  /** 1 when $xavp(name) has no value, else -1. */
  xavp_is_null(name: string): number
  /** Set a new $xavp(name) to a number. */
  xavp_seti(name: string, value: number): number
  /** Set a new $xavp(name) to a text. */
  xavp_sets(name: string, value: string): number
  /** The value of $xavp(rname=>cname); null when there is none. */
  xavp_child_get(rname: string, cname: string): string | number | null
  /** The value of $xavp(rname=>cname); an empty text when there is none. */
  xavp_child_gete(rname: string, cname: string): string | number
  /** The value of $xavp(rname=>cname); <null> when there is none. */
  xavp_child_getw(rname: string, cname: string): string | number
  /** 1 when $xavp(rname=>cname) has no value, else -1. */
  xavp_child_is_null(rname: string, cname: string): number
  /** All $xavp(rname): per structure its names, each with the list of its values. */
  xavp_getd(rname: string): KsrStructure[] | null
  /** The structure number index of $xavp(rname), counted from -1 backwards. */
  xavp_getd_p1(rname: string, index: number): KsrStructure | null
  /** The names of the structure number index of $xavp(rname). */
  xavp_get_keys(rname: string, index: number): string[] | 0 | null
  /** The value of $xavi(name); null when there is none. */
  xavi_get(name: string): string | number | null
  /** The value of $xavi(name); an empty text when there is none. */
  xavi_gete(name: string): string | number
  /** The value of $xavi(name); <null> when there is none. */
  xavi_getw(name: string): string | number
  /** 1 when $xavi(name) has no value, else -1. */
  xavi_is_null(name: string): number
  /** Set a new $xavi(name) to a number. */
  xavi_seti(name: string, value: number): number
  /** Set a new $xavi(name) to a text. */
  xavi_sets(name: string, value: string): number
  /** The value of $xavi(rname=>cname); null when there is none. */
  xavi_child_get(rname: string, cname: string): string | number | null
  /** The value of $xavi(rname=>cname); an empty text when there is none. */
  xavi_child_gete(rname: string, cname: string): string | number
  /** The value of $xavi(rname=>cname); <null> when there is none. */
  xavi_child_getw(rname: string, cname: string): string | number
  /** 1 when $xavi(rname=>cname) has no value, else -1. */
  xavi_child_is_null(rname: string, cname: string): number
  /** All $xavi(rname): per structure its names, each with the list of its values. */
  xavi_getd(rname: string): KsrStructure[] | null
  /** The structure number index of $xavi(rname), counted from -1 backwards. */
  xavi_getd_p1(rname: string, index: number): KsrStructure | null
  /** The names of the structure number index of $xavi(rname). */
  xavi_get_keys(rname: string, index: number): string[] | 0 | null
  /** The value of $xavu(name); null when there is none. */
  xavu_get(name: string): string | number | null
  /** The value of $xavu(name); an empty text when there is none. */
  xavu_gete(name: string): string | number
  /** The value of $xavu(name); <null> when there is none. */
  xavu_getw(name: string): string | number
  /** 1 when $xavu(name) has no value, else -1. */
  xavu_is_null(name: string): number
  /** Set $xavu(name) to a number. */
  xavu_seti(name: string, value: number): number
  /** Set $xavu(name) to a text. */
  xavu_sets(name: string, value: string): number
  /** Take $xavu(name) away. */
  xavu_rm(name: string): number
  /** The value of $xavu(rname=>cname); null when there is none. */
  xavu_child_get(rname: string, cname: string): string | number | null
  /** The value of $xavu(rname=>cname); an empty text when there is none. */
  xavu_child_gete(rname: string, cname: string): string | number
  /** The value of $xavu(rname=>cname); <null> when there is none. */
  xavu_child_getw(rname: string, cname: string): string | number
  /** 1 when $xavu(rname=>cname) has no value, else -1. */
  xavu_child_is_null(rname: string, cname: string): number
  /** Set $xavu(rname=>cname) to a number. */
  xavu_child_seti(rname: string, cname: string, value: number): number
  /** Set $xavu(rname=>cname) to a text. */
  xavu_child_sets(rname: string, cname: string, value: string): number
  /** Take $xavu(rname=>cname) away. */
  xavu_child_rm(rname: string, cname: string): number
}

interface KsrRatelimit {
  /** Count a packet for the pipe of its method, or this one. True: it may pass. */
  rl_check(): number
  /** Count a packet for the pipe of its method, or this one. True: it may pass. */
  rl_check_forced(pipe?: number): number
  /** Count a packet for this pipe. True: it may pass. */
  rl_check_pipe(pipe: number): number
}

interface KsrRegex {
  /** Does the text match the expression? */
  pcre_match(text: string, expression: string): number
  /** Does the text match one of the expressions of a group? */
  pcre_match_group(text: string, group?: number): number
}

interface KsrRegistrar {
  /** Stores the contacts of a REGISTER and answers it. */
  save(table: string, flags?: number): number
  /** Stores the contacts of a REGISTER and answers it. */
  save_uri(table: string, flags?: number, aor?: string): number
  /** Puts the contacts on file into the request URI and branches. */
  lookup(table: string): number
  /** Puts the contacts on file into the request URI and branches. */
  lookup_uri(table: string, uri?: string): number
  /** Makes branches of the contacts on file and leaves the request URI alone. */
  lookup_to_dset(table: string, uri?: string): number
  /** Looks up the request URI and the branches that are nothing but a URI. */
  lookup_branches(table: string): number
  /** Has the address of record a contact? */
  registered(table: string): number
  /** Has the address of record a contact? */
  registered_uri(table: string, uri?: string): number
  /** Has the address of record a contact? */
  registered_flags(table: string, uri?: string, match?: number): number
  /** Has the address of record a contact? */
  registered_action(table: string, uri?: string, match?: number, action?: number): number
  /** Removes all contacts of an address of record, or one of them. */
  unregister(table: string, uri: string): number
  /** Removes all contacts of an address of record, or one of them. */
  unregister_ruid(table: string, uri: string, ruid?: string): number
  /** Fetches the contacts of an address of record for $ulc(profile=>...). */
  reg_fetch_contacts(table: string, uri: string, profile: string): number
  /** Forgets the contacts of a profile. */
  reg_free_contacts(profile: string): number
  /** Sends the reply that save() with flag 0x02 has held back. */
  reg_send_reply(): number
  /** Adds a header with the socket that the request came in on. */
  add_sock_hdr(name: string): number
  /** The q of all contacts of this REGISTER, whatever they name. */
  set_q_override(q: string): number
}

interface KsrRr {
  /** Takes our own routes off and finds the next hop. */
  loose_route(): number
  /** The same; with 1 the request URI is not taken for a route of ours. */
  loose_route_mode(mode: number): number
  /** The same; true when the request begins something and had our route only. */
  loose_route_preloaded(): number
  /** Adds Record-Route with our address. */
  record_route(): number
  /** Adds Record-Route with our address. */
  record_route_params(params?: string): number
  /** Adds Record-Route with the given address; a second one for the other side. */
  record_route_preset_one(address: string): number
  /** Adds Record-Route with the given address; a second one for the other side. */
  record_route_preset(address: string, second?: string): number
  /** Adds Record-Route with the given address and the transports in use. */
  record_route_advertised_address(address: string): number
  /** Takes back what the record_route functions added. */
  remove_record_route(): number
  /** Adds a parameter to our Record-Route, made before or after. */
  add_rr_param(param: string): number
  /** Do the parameters of our route match this expression? */
  check_route_param(expression: string): number
  /** Does the request go downstream (caller to callee) or upstream? */
  is_direction(direction: string): number
  /** Is the next hop a Route behind ours? */
  next_hop_route(): number
}

interface KsrSanity {
  /** Check the message; what is wrong is answered. */
  sanity_check(msg_checks?: number, uri_checks?: number): number
  /** Check the message; what is wrong is answered. */
  sanity_check_defaults(): number
  /** Send the answer that a failed check left behind. */
  sanity_reply(): number
}

interface KsrSdpops {
  /** Remove codecs by their numbers. */
  remove_codecs_by_id(list: string, media?: string): number
  /** Remove codecs by their names. */
  remove_codecs_by_name(list: string, media?: string): number
  /** Remove all codecs but these. */
  keep_codecs_by_id(list: string, media?: string): number
  /** Remove all codecs but these. */
  keep_codecs_by_name(list: string, media?: string): number
  /** Remove lines that start with a text. */
  remove_line_by_prefix(prefix: string, media?: string): number
  /** Remove the streams of a kind. */
  remove_media(media: string): number
  /** Remove the streams of a transport. */
  sdp_remove_transport(transport: string): number
  /** Is there a stream of this kind? */
  sdp_with_media(media: string): number
  /** Is there a stream of this kind that carries something? */
  sdp_with_active_media(media: string): number
  /** Is there a stream of this transport? */
  sdp_with_transport(transport: string): number
  /** Is there a stream whose transport holds this text? */
  sdp_with_transport_like(transport: string): number
  /** Are these codecs there: 1 all, 2 some? */
  sdp_with_codecs_by_id(list: string): number
  /** Are these codecs there: 1 all, 2 some? */
  sdp_with_codecs_by_name(list: string): number
  /** Are there candidates for ICE? */
  sdp_with_ice(): number
  /** Is there a session description? */
  sdp_content(): number
  /** Is there a session description? */
  sdp_content_flags(sloppy?: number): number
  /** 4 or 6 as return code. */
  sdp_get_address_family(): number
  /** Put the session description into a variable. */
  sdp_get(variable: string): number
  /** Put the first line that starts so into a variable. */
  sdp_get_line_startswith(variable: string, prefix: string): number
  /** Put the transport of the first stream into a variable. */
  sdp_transport(variable: string): number
  /** Log the streams. */
  sdp_print(level: number): number
  /** Begin to go over the lines. */
  sdp_iterator_start(iterator: string): number
  /** Go to the next line; false behind the last. */
  sdp_iterator_next(iterator: string): number
  /** End it. */
  sdp_iterator_end(iterator: string): number
  /** Remove the line at which it is. */
  sdp_iterator_rm(iterator: string): number
  /** Put a text behind that line. */
  sdp_iterator_append(iterator: string, text: string): number
  /** Put a text before that line. */
  sdp_iterator_insert(iterator: string, text: string): number
}

interface KsrSecfilter {
  /** Is the address of the sender on a list? */
  secf_check_ip(): number
  /** Is the User-Agent on a list? */
  secf_check_ua(): number
  /** Is this country on a list? */
  secf_check_country(country: string): number
  /** Is the name, the user or the domain of From on a list? */
  secf_check_from_hdr(): number
  /** Is the name, the user or the domain of To on a list? */
  secf_check_to_hdr(): number
  /** Is the user or the domain of Contact on a list? */
  secf_check_contact_hdr(): number
  /** Is this number not to be called? */
  secf_check_dst(number: string): number
  /** False when the text has characters of attacks on databases. */
  secf_sqli_hdr(text: string): number
  /** The same for User-Agent, From, To and Contact; with such characters the script ends. */
  secf_check_sqli_all(): number
}

interface KsrSiputils {
  /** Is the message a request? */
  is_request(): number
  /** Is the message a reply? */
  is_reply(): number
  /** Has To a tag: is the request one inside a dialog? */
  has_totag(): number
  /** Does Supported name this extension? */
  is_supported(option: string): number
  /** Did the message come from its sender directly? */
  is_first_hop(): number
  /** Did the message come from its sender directly? */
  is_first_hop_mode(mode?: number): number
  /** Is Date no more than this many seconds old? */
  hdr_date_check(tdiff: number): number
  /** Is this the user of the credentials that auth has looked at? */
  is_user(username: string): number
  /** Is it a + and digits? */
  is_e164(tval: string): number
  /** Is the user part of a URI a + and digits? */
  is_uri_user_e164(tval: string): number
  /** Is the user part of the identity found by authentication a + and digits? */
  is_rpid_user_e164(): number
  /** Is it a URI? */
  is_uri(tval: string): number
  /** Is it digits, with or without a +? */
  is_tel_number(tval: string): number
  /** Is it digits? */
  is_numeric(tval: string): number
  /** Is it letters and digits? */
  is_alphanum(tval: string): number
  /** Is it letters, digits and characters of eset? */
  is_alphanumex(tval: string, eset: string): number
  /** Is it a GRUU? 1 public, 2 temporary. */
  is_gruu(): number
  /** Are two URIs equivalent? */
  cmp_uri(str1: string, str2: string): number
  /** Are two URIs the same address of record? */
  cmp_aor(str1: string, str2: string): number
  /** Are two names of headers the same? */
  cmp_hdr_name(str1: string, str2: string): number
  /** Has the request URI this parameter, without value or with this one? */
  uri_param(param: string): number
  /** Has the request URI this parameter, without value or with this one? */
  uri_param_value(param: string, value?: string): number
  /** Has the request URI this parameter? */
  uri_param_any(param: string): number
  /** Put the value of a parameter of the request URI into a variable. */
  get_uri_param(name: string, var_: string): number
  /** Add a parameter to the request URI. */
  add_uri_param(param: string): number
  /** Remove a parameter from the request URI. */
  uri_param_rm(param: string): number
  /** Turn a tel URI into a SIP URI. */
  tel2sip(uri: string, hostpart: string, result: string): number
  /** Set the user part of the URI in a variable. */
  set_uri_user(uri: string, user: string): number
  /** Set the host of the URI in a variable. */
  set_uri_host(uri: string, host: string): number
  /** Put the URIs of all contacts into the user part of a URI of ours. */
  encode_contact(encoding_prefix: string, hostpart: string): number
  /** Make the request URI what it was before encode_contact. */
  decode_contact(): number
  /** Make the URIs of all contacts what they were before encode_contact. */
  decode_contact_header(): number
  /** Put the URIs of all contacts into a parameter of a URI of ours. */
  contact_param_encode(pname: string, saddr: string): number
  /** Make the URIs of all contacts what they were before contact_param_encode. */
  contact_param_decode(pname: string): number
  /** Make the request URI what it was before contact_param_encode. */
  contact_param_decode_ruri(pname: string): number
  /** Remove a parameter from the URIs of all contacts. */
  contact_param_rm(pname: string): number
  /** Answer an OPTIONS for this node with what it can do. */
  options_reply(): number
  /** Add Remote-Party-ID with the identity found by authentication. */
  append_rpid_hf(prefix?: string, suffix?: string): number
  /** Manage P-Charging-Vector: r remove, g generate, f both. */
  sip_p_charging_vector(flags: string): number
}

interface KsrSl {
  /** Answer without a transaction. */
  sl_send_reply(code: number, reason: string): number
  /** Another name of sl_send_reply. */
  sl_reply(code: number, reason: string): number
  /** Answer through the transaction if there is one, else without. */
  send_reply(code: number, reason: string): number
  /** As send_reply; mode 1 opens no connection for it, 2 closes the connection after it. */
  send_reply_mode(code: number, reason: string, mode: number): number
  /** Answer with what went wrong last. */
  sl_reply_error(): number
  /** Answer with what went wrong last, through the transaction if there is one. */
  send_reply_error(): number
  /** Forward the received reply at once, with another code and reason if given. */
  sl_forward_reply(code?: string, reason?: string): number
}

interface KsrSpeeddial {
  /** Put the URI that the request URI is the short number of in its place. */
  lookup(table: string): number
  /** Put the URI that the request URI is the short number of in its place. */
  lookup_owner(table: string, owner?: string): number
}

interface KsrSqlops {
  /** Make a query and keep its rows for $dbr(result=>...). */
  sql_query(connection: string, query: string, result?: string): number
  /** Make a query and put its rows into $xavp(result). */
  sql_xquery(connection: string, query: string, result: string): number
  /** Make a query and put its columns into variables. */
  sql_pvquery(connection: string, query: string, result: string): number
  /** Make a query and do not wait for it. */
  sql_query_async(connection: string, query: string): number
  /** Forget a result. */
  sql_result_free(result: string): number
  /** Rows of a result. */
  sql_num_rows(result: string): number
  /** Columns of a result. */
  sql_num_columns(result: string): number
  /** 1 when there is nothing at this place, -1 when there is something. */
  sql_is_null(result: string, row: number, column: number): number
  /** The value at this place of a result. */
  sql_result_get(result: string, row: number, column: number): string | number | null
  /** The same; an empty text where there is nothing. */
  sql_result_gete(result: string, row: number, column: number): string | number
  /** The same; 0 where there is nothing. */
  sql_result_getz(result: string, row: number, column: number): string | number
}

interface KsrSst {
  /** Is the session interval too short? Then 1; not 0: it is answered 422. */
  sst_check_min(send_reply: number): number
}

interface KsrStatistics {
  /** Add a number to a statistic: +5, -2. */
  update_stat(variable: string, value: number): number
  /** Set a statistic back to 0. */
  reset_stat(variable: string): number
}

interface KsrTextops {
  /** Does the message match? */
  search(re: string): number
  /** Does the body match? */
  search_body(re: string): number
  /** Does a text match? */
  search_str(text: string, re: string): number
  /** Does the body of a header match? Flags: a all, f first, l last of that name. */
  search_hf(hf_name: string, re: string, flags: string): number
  /** Put a text behind the first match in the message. */
  search_append(re: string, txt: string): number
  /** Put a text behind the first match in the body. */
  search_append_body(re: string, txt: string): number
  /** Put one group of a match into a variable. */
  regex_substring(
    itext: string,
    regexp: string,
    mindex: number,
    mcount: number,
    dpv: string,
  ): number
  /** Replace the first match in the message. */
  replace(re: string, txt: string): number
  /** Replace all matches in the message. */
  replace_all(re: string, txt: string): number
  /** Replace the first match in the headers. */
  replace_hdrs(re: string, txt: string): number
  /** Replace the first match in the body. */
  replace_body(re: string, txt: string): number
  /** Replace all matches in the body, line by line. */
  replace_body_all(re: string, txt: string): number
  /** Replace all matches in the body, taken as one piece. */
  replace_body_atonce(re: string, txt: string): number
  /** Replace a text in headers and body; mode f: the first, a: all. */
  replace_str(match: string, repl: string, mode: string): number
  /** Replace a text in the headers. */
  replace_hdrs_str(match: string, repl: string, mode: string): number
  /** Replace a text in the body. */
  replace_body_str(match: string, repl: string, mode: string): number
  /** Substitute in the message. */
  subst(expression: string): number
  /** Substitute in the body. */
  subst_body(expression: string): number
  /** Substitute in the body of a header. */
  subst_hf(hf_name: string, expression: string, flags: string): number
  /** Substitute in the request URI. */
  subst_uri(expression: string): number
  /** Substitute in the user part of the request URI. */
  subst_user(expression: string): number
  /** Add a header at the end, or after the last header hdr. */
  append_hf(txt: string, hf_name?: string): number
  /** Add a header at the top, or before the first header hdr. */
  insert_hf(txt: string, hf_name?: string): number
  /** Add a header made of prefix, the received request URI and suffix. */
  append_urihf(prefix: string, suffix: string): number
  /** Remove all headers of this name. */
  remove_hf(hf_name: string): number
  /** Remove all headers of a name that may hold variables. */
  remove_hf_pv(hf_name: string): number
  /** Remove all headers whose name matches. */
  remove_hf_re(re: string): number
  /** Remove all headers whose name matches an expression that may hold variables. */
  remove_hf_re_pv(re: string): number
  /** Remove all headers whose name matches expmatch and not expskip. */
  remove_hf_exp(expmatch: string, expskip: string): number
  /** The same with expressions that may hold variables. */
  remove_hf_exp_pv(expmatch: string, expskip: string): number
  /** Remove one header of this name, counted from 0, or from -1 backwards. */
  remove_hf_idx(hname: string, idx: number): number
  /** Remove the headers of this name whose body fits; op: eq, ne, in or re. */
  remove_hf_match(hname: string, op: string, expr: string): number
  /** Is there a header of this name? */
  is_present_hf(hf_name: string): number
  /** Is there a header of a name that may hold variables? */
  is_present_hf_pv(hf_name: string): number
  /** Is there a header whose name matches? */
  is_present_hf_re(re: string): number
  /** The same with an expression that may hold variables. */
  is_present_hf_re_pv(hf_name_re: string): number
  /** Add a Date header. */
  append_time_to_request(): number
  /** Is the method one of these? INVITE|BYE */
  is_method(name: string): number
  /** Does Privacy hold this value? */
  is_privacy(privacy_type: string): number
  /** Add a header to the replies that this node makes. */
  append_to_reply(txt: string): number
  /** Add a Date header to the replies that this node makes. */
  append_time(): number
  /** Give the reply that this node makes a body. */
  set_reply_body(txt: string, content_type: string): number
  /** Replace the body. */
  set_body(txt: string, content_type: string): number
  /** Is there a body, of this type? */
  has_body(): number
  /** Is there a body, of this type? */
  has_body_type(mime?: string): number
  /** Is an audio stream of the SDP on hold? */
  is_audio_on_hold(): number
  /** Leave only the first part of this type of a multipart body. */
  filter_body(content_type: string): number
  /** Make a multipart body of one part: of txt, or of the body that is there. */
  set_body_multipart(txt?: string, content_type?: string, boundary?: string): number
  /** Make a multipart body of one part: of txt, or of the body that is there. */
  set_body_multipart_mode(): number
  /** Make a multipart body of one part: of txt, or of the body that is there. */
  set_body_multipart_content(txt?: string, content_type?: string): number
  /** Add a part to a multipart body. */
  append_body_part(txt: string, content_type: string): number
  /** Add a part to a multipart body. */
  append_body_part_cd(txt: string, content_type: string, content_disposition?: string): number
  /** Add a part, given in hexadecimal digits, to a multipart body. */
  append_body_part_hex(txt: string, content_type: string): number
  /** Add a part, given in hexadecimal digits, to a multipart body. */
  append_body_part_hex_cd(txt: string, content_type: string, content_disposition?: string): number
  /** Put the first part of this type into a variable. */
  get_body_part(content_type: string, opv: string): number
  /** The same with the headers of the part and the boundary behind it. */
  get_body_part_raw(content_type: string, opv: string): number
  /** Remove the first part of this type. */
  remove_body_part(content_type: string): number
  /** Is a text an item of a list? */
  in_list(subject: string, list: string, separator: string): number
  /** Does a text start with an item of a list? */
  in_list_prefix(subject: string, list: string, separator: string): number
  /** Are two texts equal? */
  cmp_str(str1: string, str2: string): number
  /** Are two texts equal but for the case of letters? */
  cmp_istr(str1: string, str2: string): number
  /** Does str1 start with str2? */
  starts_with(str1: string, str2: string): number
  /** Does str1 end with str2? */
  ends_with(str1: string, str2: string): number
  /** Where is str2 in str1, counted from 1? */
  str_find(str1: string, str2: string): number
  /** The same, whatever the case of letters. */
  str_ifind(str1: string, str2: string): number
  /** Make a multipart body of the body that is there, with this boundary. */
  set_body_multipart_boundary(boundary: string): number
}

interface KsrTextopsx {
  /** Make the changes so far part of the text that later functions see. */
  msg_apply_changes(): number
  /** Put another message in place of this one. */
  msg_set_buffer(data: string): number
  /** Change status code and reason phrase of a reply before it goes on. */
  change_reply_status(code: number, reason: string): number
  /** Change the status code of a reply before it goes on. */
  change_reply_status_code(vcode: number): number
  /** Remove the body. */
  remove_body(): number
  /** Remove the headers whose name does not match and that a message can do without. */
  keep_hf(): number
  /** Remove the headers whose name does not match and that a message can do without. */
  keep_hf_re(regexp?: string): number
  /** Does a value match a shell pattern? Flag i: whatever the case of letters. */
  fnmatch(value: string, expr: string): number
  /** Does a value match a shell pattern? Flag i: whatever the case of letters. */
  fnmatch_ex(value: string, expr: string, flags?: string): number
  /** Add a value behind another, or as a header at the end. */
  append_hf_value(hf: string, hvalue: string): number
  /** Add a value before another, or as a header before the first of that name. */
  insert_hf_value(hf: string, hvalue: string): number
  /** Remove a value or one of its parameters. */
  remove_hf_value(hf_par: string): number
  /** The same for headers like Authorization; the second text does not count. */
  remove_hf_value2(hf_par: string, hvalue: string): number
  /** Change a value or one of its parameters. */
  assign_hf_value(hf: string, hvalue: string): number
  /** The same for headers like Authorization, whose commas separate parameters. */
  assign_hf_value2(hf: string, hvalue: string): number
  /** Add a value to a set unless it is there. */
  include_hf_value(hf: string, hvalue: string): number
  /** Remove a value from a set. */
  exclude_hf_value(hf: string, hvalue: string): number
  /** Is a value in a set? */
  hf_value_exists(hf: string, hvalue: string): number
  /** Open an iterator over the headers. */
  hf_iterator_start(iname: string): number
  /** Close an iterator. */
  hf_iterator_end(iname: string): number
  /** Go to the next header; false behind the last. */
  hf_iterator_next(iname: string): number
  /** Go to the previous header. */
  hf_iterator_prev(iname: string): number
  /** Remove the header that the iterator stands on. */
  hf_iterator_rm(iname: string): number
  /** Add a header behind the one that the iterator stands on. */
  hf_iterator_append(iname: string, text: string): number
  /** Add a header before the one that the iterator stands on. */
  hf_iterator_insert(iname: string, text: string): number
  /** Open an iterator over the lines of the body. */
  bl_iterator_start(iname: string): number
  /** Close an iterator. */
  bl_iterator_end(iname: string): number
  /** Go to the next line; false behind the last. */
  bl_iterator_next(iname: string): number
  /** Remove the line that the iterator stands on. */
  bl_iterator_rm(iname: string): number
  /** Add text behind the line that the iterator stands on. */
  bl_iterator_append(iname: string, text: string): number
  /** Add text before the line that the iterator stands on. */
  bl_iterator_insert(iname: string, text: string): number
  /** Name of the header that it stands on, null when it stands on none. */
  hf_iterator_hname(iname: string): string | null
  /** Body of the header that it stands on, null when it stands on none. */
  hf_iterator_hbody(iname: string): string | null
  /** The line that it stands on, with its end, null when it stands on none. */
  bl_iterator_value(iname: string): string | null
}

interface KsrTls {
  /** Did the message come over TLS from a peer with a good certificate? */
  is_peer_verified(): number
  /** Open connections with the client profile that has this id. */
  tls_set_connect_server_id(server_id: string): number
}

interface KsrTm {
  /** Relay the request to its URI and branches, or to a host and port. */
  t_relay(): number
  /** Relay to proto:host:port; flags 1 no 100, 2 no reply on error, 4 no DNS failover. */
  t_relay_to(proxy_or_flags?: string, flags?: string): number
  /** Relay by a transport to host:port from a variable. */
  t_relay_to_avp(proto: string, host_port: string): number
  /** Relay over UDP. */
  t_relay_to_udp(host?: string, port?: number): number
  /** Relay over TCP. */
  t_relay_to_tcp(host?: string, port?: number): number
  /** Relay over TLS. */
  t_relay_to_tls(host?: string, port?: number): number
  /** Relay over SCTP. */
  t_relay_to_sctp(host?: string, port?: number): number
  /** Add branches to the transaction, sent to host and port. */
  t_forward_nonack(host: string, port: number): number
  /** The same over UDP. */
  t_forward_nonack_udp(host: string, port: number): number
  /** The same over TCP. */
  t_forward_nonack_tcp(host: string, port: number): number
  /** The same over TLS. */
  t_forward_nonack_tls(host: string, port: number): number
  /** The same over SCTP. */
  t_forward_nonack_sctp(host: string, port: number): number
  /** Add branches to the transaction. */
  t_forward_nonack_uri(): number
  /** Add branches by a transport to host:port. */
  t_forward_nonack_to(proto: string, host_port: string): number
  /** Send a copy of the request whose replies go nowhere. */
  t_replicate(uri_or_host?: string): number
  /** The same over UDP. */
  t_replicate_udp(host: string, port: number): number
  /** The same over TCP. */
  t_replicate_tcp(host: string, port: number): number
  /** The same over TLS. */
  t_replicate_tls(host: string, port: number): number
  /** The same over SCTP. */
  t_replicate_sctp(host: string, port: number): number
  /** The same by a transport to host:port. */
  t_replicate_to(proto: string, host_port: string): number
  /** Cancel the INVITE of this CANCEL. */
  t_relay_cancel(): number
  /** Make the transaction. */
  t_newtran(): number
  /** Answer through the transaction. */
  t_reply(code: number, reason: string): number
  /** Make the transaction if there is none, and answer. */
  t_send_reply(code: number, reason: string): number
  /** Send the last reply again. */
  t_retransmit_reply(): number
  /** Let the transaction end. */
  t_release(): number
  /** End transactions that have outlived everything. */
  t_clean(): number
  /** Deal with retransmissions and ACKs. */
  t_check_trans(): number
  /** Is there a transaction? */
  t_lookup_request(): number
  /** Is there an INVITE for this CANCEL? With 1 its flags are taken over. */
  t_lookup_cancel(): number
  /** Is there an INVITE for this CANCEL? With 1 its flags are taken over. */
  t_lookup_cancel_flags(flags?: number): number
  /** Does the status match an expression? */
  t_check_status(expression: string): number
  /** The status, -1 without one. */
  t_get_status_code(): number
  /** Has a branch this status? */
  t_grep_status(code: number): number
  /** Did this branch time out? */
  t_branch_timeout(): number
  /** Did it reply before? */
  t_branch_replied(): number
  /** Did a branch time out? */
  t_any_timeout(): number
  /** Did a branch reply before? */
  t_any_replied(): number
  /** Was the transaction cancelled? */
  t_is_canceled(): number
  /** Is the life of the transaction over? */
  t_is_expired(): number
  /** Is this a reply that came again while it was suspended? */
  t_is_retr_async_reply(): number
  /** Is such a route set? */
  t_is_set(target: string): number
  /** Run this failure_route when all branches have failed. */
  t_on_failure(failure_route: string): number
  /** Run event_route[tm:branch-failure:name] when a branch fails. */
  t_on_branch_failure(name: string): number
  /** Run this onreply_route for each reply. */
  t_on_reply(onreply_route: string): number
  /** Run this branch_route for each branch. */
  t_on_branch(branch_route: string): number
  /** Set fr_inv_timer and fr_timer for this transaction. */
  t_set_fr(fr_inv_timeout: number, fr_timeout?: number): number
  /** Set fr_inv_timer and fr_timer for this transaction. */
  t_set_fr_inv(fr_inv_timeout: number): number
  /** Take t_set_fr back. */
  t_reset_fr(): number
  /** Set the longest life for this transaction. */
  t_set_max_lifetime(inv_lifetime: number, noninv_lifetime: number): number
  /** Take t_set_max_lifetime back. */
  t_reset_max_lifetime(): number
  /** Set T1 and T2 for this transaction. */
  t_set_retr(retr_t1_interval: number, retr_t2_interval: number): number
  /** Take t_set_retr back. */
  t_reset_retr(): number
  /** Switch the automatic 100. */
  t_set_auto_inv_100(on: number): number
  /** Treat 6xx as any other failure. */
  t_set_disable_6xx(on: number): number
  /** Switch DNS failover off. */
  t_set_disable_failover(on: number): number
  /** No own reply to errors. */
  t_set_disable_internal_reply(on: number): number
  /** Do not copy Reason of a CANCEL. */
  t_set_no_e2e_cancel_reason(on: number): number
  /** The same. */
  t_disable_e2e_cancel_reason(on: number): number
  /** Make CANCEL and ACK from what was sent. */
  t_use_uac_headers(): number
  /** Leave old replies out of the choice: a all, l last leg, n none. */
  t_drop_replies(mode?: string): number
  /** Leave old replies out of the choice: a all, l last leg, n none. */
  t_drop_replies_all(): number
  /** Keep the edits made so far for failure routes. */
  t_save_lumps(): number
  /** Put the destination set away, in the order of q. */
  t_load_contacts(): number
  /** Put the destination set away, in the order of q. */
  ki_t_load_contacts_mode(mode?: number): number
  /** Take the best of it back. */
  t_next_contacts(): number
  /** Take another flow to the same device. */
  t_next_contact_flow(): number
  /** Send a request of our own. */
  t_uac_send(
    method: string,
    ruri: string,
    nexthop: string,
    socket: string,
    headers: string,
    body: string,
  ): number
  /** Write the request to a FIFO: action, or action/append of tw_append. */
  t_write_req(fifo: string, info: string): number
  /** The same to a Unix datagram socket. */
  t_write_unix(socket: string, info: string): number
  /** Relay; flags 1 no 100, 2 no reply on error, 4 no DNS failover. */
  t_relay_to_flags(flags: number): number
  /** Relay to proto:host:port. */
  t_relay_to_proxy(proxy: string): number
  /** Relay to proto:host:port with the flags of t_relay_to_flags. */
  t_relay_to_proxy_flags(proxy: string, flags: number): number
  /** Relay by a transport: udp, tcp, tls, sctp. */
  t_relay_to_proto(proto: string): number
  /** Relay by a transport to a host and port. */
  t_relay_to_proto_addr(proto: string, host: string, port: number): number
  /** The number of the branch that the running route is about. */
  t_get_branch_index(): number
}

interface KsrTmx {
  /** Cancel all branches, this one, or the others. */
  t_cancel_branches(which: string): number
  /** Cancel the INVITE of a call and set a flag on it. */
  t_cancel_callid(callid: string, cseq: string, flag: number): number
  /** Cancel the INVITE of a call and set a flag on it. */
  t_cancel_callid_reason(callid: string, cseq: string, flag: number, rcode?: number): number
  /** Answer a transaction of a call. */
  t_reply_callid(callid: string, cseq: string, code: number, reason: string): number
  /** Give the flags of the message to its transaction. */
  t_flush_flags(): number
  /** The same for extended flags. */
  t_flush_xflags(): number
  /** In a failure_route? */
  t_is_failure_route(): number
  /** In a branch_route? */
  t_is_branch_route(): number
  /** In a reply route? */
  t_is_reply_route(): number
  /** In the request_route? */
  t_is_request_route(): number
  /** Set the request aside. */
  t_suspend(): number
  /** Go on with a request that was set aside. */
  t_continue(tindex: number, tlabel: number, rtname: string): number
  /** End the transaction without a reply. */
  t_drop(): number
  /** End the transaction without a reply. */
  t_drop_rcode(rcode?: number): number
  /** Use the failed branch once more. */
  t_reuse_branch(): number
  /** Is the same request under way already? */
  t_precheck_trans(): number
}

interface KsrTopos {
  /** The context of the dialog that this request begins. */
  tps_set_context(ctx: string): number
  /** Put the Call-ID as the callee sees it into a variable. */
  get_callid_mask(callid: string, result: string): number
  /** Put the Call-ID behind a masked one into a variable. */
  get_callid_unmask(callid: string, result: string): number
}

interface KsrUac {
  /** Puts another URI, or display name and URI, into From. */
  uac_replace_from_uri(uri_or_display: string): number
  /** Puts another URI, or display name and URI, into From. */
  uac_replace_from(uri_or_display: string, uri?: string): number
  /** Puts another URI, or display name and URI, into To. */
  uac_replace_to_uri(uri_or_display: string): number
  /** Puts another URI, or display name and URI, into To. */
  uac_replace_to(uri_or_display: string, uri?: string): number
  /** Puts the From URI back that the other side knows. */
  uac_restore_from(): number
  /** Puts the To URI back that the other side knows. */
  uac_restore_to(): number
  /** Answers the challenge of the failed branch; mode 1: the password is a hash. */
  uac_auth(): number
  /** The same. */
  uac_auth_mode(mode: number): number
  /** Sends the request that $uac_req(...) describes. */
  uac_req_send(): number
  /** Puts the local URI of a registration into a variable. */
  uac_reg_lookup(uuid: string, dst: string): number
  /** Puts the uuid of the registration of a local URI into a variable. */
  uac_reg_lookup_uri(uri: string, dst: string): number
  /** Says how a registration stands. */
  uac_reg_status(uuid: string): number
  /** Sends the request to where a registration is, with its credentials. */
  uac_reg_request_to(user: string, mode: number): number
  /** Switches a registration on. */
  uac_reg_enable(attr: string, val: string): number
  /** Switches a registration off. */
  uac_reg_disable(attr: string, val: string): number
  /** Reads a registration anew from the database. */
  uac_reg_refresh(luuid: string): number
}

interface KsrUacRedirect {
  /** The same with limits, in all and for a branch; 0 is none. */
  get_redirects(total: number, branch: number): number
  /** Takes contacts of this request that match the expression. */
  set_accept_filter(filter: string, flags: string): number
  /** Does not take contacts of this request that match the expression. */
  set_deny_filter(filter: string, flags: string): number
  /** Makes branches of the contacts of all 3xx replies. */
  get_redirects_all(): number
  /** The same, and accounted. */
  get_redirects_acc(total: number, branch: number, reason: string): number
}

interface KsrUriDb {
  /** May the authenticated user use the address in To? */
  check_to(): number
  /** May the authenticated user use the address in From? */
  check_from(): number
  /** May the authenticated user, or the one that is named, use this address? */
  check_uri(uri: string): number
  /** May the authenticated user, or the one that is named, use this address? */
  check_uri_realm(uri: string, username?: string, realm?: string): number
  /** Is there a user of the name in the request URI? */
  does_uri_exist(): number
}

interface KsrUserblocklist {
  /** False when the list of the user refuses the number, else true. */
  check_user_blocklist(user: string, domain: string): number
  /** False when the list of the user refuses the number, else true. */
  check_user_blocklist_number(user: string, domain: string, number?: string): number
  /** False when the list of the user refuses the number, else true. */
  check_user_blocklist_table(user: string, domain: string, number?: string, table?: string): number
  /** True when the list of the user lets the number through, else false. */
  check_user_allowlist(user: string, domain: string): number
  /** True when the list of the user lets the number through, else false. */
  check_user_allowlist_number(user: string, domain: string, number?: string): number
  /** True when the list of the user lets the number through, else false. */
  check_user_allowlist_table(user: string, domain: string, number?: string, table?: string): number
  /** False when a list for all refuses the user of the request URI, else true. */
  check_global_blocklist(): number
  /** False when a list for all refuses the user of the request URI, else true. */
  check_blocklist(table?: string): number
  /** True when a list for all lets the user of the request URI through, else false. */
  check_allowlist(table?: string): number
}

interface KsrUsrloc {
  /** Exists for other modules of Kamailio; no route may call it. */
  ul_bind_usrloc(api: string): number
}

interface KsrWebsocket {
  /** Answer the WebSocket handshake that the HTTP request is. */
  ws_handle_handshake(): number
  /** Close the connection of the message or, by its id, another one. */
  ws_close(status?: number, reason?: string, con?: number): number
}

interface KsrXhttp {
  /** Answer the HTTP request. */
  xhttp_reply(code: number, reason: string, content_type: string, body: string): number
  /** URL of the HTTP request. */
  get_hu(): string | null
}

interface KsrXhttpProm {
  /** Set a counter to 0. */
  counter_reset_l0(name: string): number
  /** Set a counter to 0. */
  counter_reset_l1(name: string, l0?: string): number
  /** Set a counter to 0. */
  counter_reset_l2(name: string, l0?: string, l1?: string): number
  /** Set a counter to 0. */
  counter_reset_l3(name: string, l0?: string, l1?: string, l2?: string): number
  /** Set a gauge to 0. */
  gauge_reset_l0(name: string): number
  /** Set a gauge to 0. */
  gauge_reset_l1(name: string, l0?: string): number
  /** Set a gauge to 0. */
  gauge_reset_l2(name: string, l0?: string, l1?: string): number
  /** Set a gauge to 0. */
  gauge_reset_l3(name: string, l0?: string, l1?: string, l2?: string): number
  /** Add to a counter. */
  counter_inc_l0(name: string, number: number): number
  /** Add to a counter. */
  counter_inc_l1(name: string, number: number, l0?: string): number
  /** Add to a counter. */
  counter_inc_l2(name: string, number: number, l0?: string, l1?: string): number
  /** Add to a counter. */
  counter_inc_l3(name: string, number: number, l0?: string, l1?: string, l2?: string): number
  /** Set a gauge. */
  gauge_set_l0(name: string, number: string): number
  /** Set a gauge. */
  gauge_set_l1(name: string, number: string, l0?: string): number
  /** Set a gauge. */
  gauge_set_l2(name: string, number: string, l0?: string, l1?: string): number
  /** Set a gauge. */
  gauge_set_l3(name: string, number: string, l0?: string, l1?: string, l2?: string): number
  /** Observe a number in a histogram. */
  histogram_observe_l0(name: string, number: string): number
  /** Observe a number in a histogram. */
  histogram_observe_l1(name: string, number: string, l0?: string): number
  /** Observe a number in a histogram. */
  histogram_observe_l2(name: string, number: string, l0?: string, l1?: string): number
  /** Observe a number in a histogram. */
  histogram_observe_l3(name: string, number: string, l0?: string, l1?: string, l2?: string): number
  /** Answer an HTTP request with the metrics. */
  dispatch(): number
  /** Does the HTTP request ask for the metrics? */
  check_uri(): number
}

interface KsrXlog {
  /** Write a line to the log, at level L_DBG, L_INFO ... and at L_ERR for any other word. */
  xlog(level: string, format: string): number
  /** The same with the line number of the config before it. */
  xlogl(facility_level_or_format: string, level_or_format?: string, format?: string): number
  /** As xlog, but not for messages with a method in methods_filter. */
  xlogm(level: string, format: string): number
  /** Write a line at level L_DBG. */
  xdbg(format: string): number
  /** The same with the line number of the config before it. */
  xdbgl(format: string): number
  /** Write a line at level L_INFO. */
  xinfo(format: string): number
  /** Write a line at level L_NOTICE. */
  xnotice(format: string): number
  /** Write a line at level L_WARN. */
  xwarn(format: string): number
  /** Write a line at level L_ERR. */
  xerr(format: string): number
  /** Write a line at level L_BUG. */
  xbug(format: string): number
  /** Write a line at level L_CRIT. */
  xcrit(format: string): number
  /** Write a line at level L_ALERT. */
  xalert(format: string): number
}

interface Ksr {
  /** Send the request on without state, to its next hop. */
  forward(): number
  /** The same over UDP. */
  forward_udp(host?: string, port?: number): number
  /** The same over TCP. */
  forward_tcp(host?: string, port?: number): number
  /** The same over TLS. */
  forward_tls(host?: string, port?: number): number
  /** The same over SCTP. */
  forward_sctp(host?: string, port?: number): number
  /** Write a text to the log at level dbg, info, notice, warn, err or crit. */
  log(level: string, line: string): void
  /** Says in the log that it was called, as it always has. */
  error(class_: string, text: string): number
  /** Use the values of this instance of a group of runtime parameters for the message. */
  cfg_select(group: string, id: number): number
  /** Use the values of the group itself again. */
  cfg_reset(group: string): number
  /** Set a transaction flag. */
  setflag(flag: number): boolean
  /** Clear a transaction flag. */
  resetflag(flag: number): boolean
  /** Is this transaction flag set? */
  isflagset(flag: number): boolean
  /** Set a flag of the newest value of an AVP. */
  setavpflag(avp: string, flag: string): number
  /** Clear a flag of the newest value of an AVP. */
  resetavpflag(avp: string, flag: string): number
  /** Has the newest value of an AVP this flag? */
  isavpflagset(avp: string, flag: string): number
  /** Replace the request URI. */
  seturi(value: string): boolean
  /** Replace the host of the request URI. */
  sethost(value: string): boolean
  /** Replace host and port. */
  sethostport(value: string): number
  /** Replace host, port and transport. */
  sethostporttrans(value: string): number
  /** Replace the port of the request URI. */
  setport(value: string): number
  /** Replace the user of the request URI. */
  setuser(value: string): boolean
  /** Replace user and password. */
  setuserpass(value: string): number
  /** Go back to the request URI as received. */
  revert_uri(): number
  /** Put a text before the user of the request URI. */
  prefix(value: string): number
  /** Cut characters off the front of the user. */
  strip(count: number): number
  /** Cut characters off the end of the user. */
  strip_tail(count: number): number
  /** Add ;user=phone to a telephone number. */
  userphone(): number
  /** Take one more destination away. */
  remove_branch(index?: number): number
  /** Take all further destinations away. */
  clear_branches(): number
  /** Answer to the port the request came from (RFC 3581). */
  force_rport(): boolean
  /** Ask the next hop for rport. */
  add_local_rport(): boolean
  /** Reuse this connection for requests to its peer (RFC 5923). */
  add_tcp_alias(port?: number): number
  /** Reuse this connection for requests to its peer (RFC 5923). */
  add_tcp_alias_via(): number
  /** What carries the request when it is larger than udp_mtu: TCP, TLS, SCTP or UDP. */
  udp_mtu_try_proto(proto: string): number
  /** The address that Via and Record-Route name instead of ours. */
  set_advertised_address(address: string): number
  /** The port that Via and Record-Route name instead of ours. */
  set_advertised_port(port: string): number
  /** Send from this socket of ours. */
  force_send_socket(socket: string): number
  /** Forward over an open connection only. */
  set_forward_no_connect(): boolean
  /** Reply over an open connection only. */
  set_reply_no_connect(): boolean
  /** Close the connection after forwarding. */
  set_forward_close(): boolean
  /** Close the connection after the reply. */
  set_reply_close(): boolean
  /** Write a text to the log at level dbg, as it stands. */
  dbg(line: string): void
  /** Write a text to the log at level info, as it stands. */
  info(line: string): void
  /** Write a text to the log at level notice, as it stands. */
  notice(line: string): void
  /** Write a text to the log at level warn, as it stands. */
  warn(line: string): void
  /** Write a text to the log at level err, as it stands. */
  err(line: string): void
  /** Write a text to the log at level crit, as it stands. */
  crit(line: string): void
  /** The level up to which lines are written to the log. */
  get_debug(): number
  /** Drop the message (a reply, a branch) when the script ends. */
  set_drop(): void
  /** Run a route of the config and give what it returned. */
  route(name: string): number
  /** Send the request on without state to this URI. */
  forward_uri(uri: string): number
  /** Set the next hop ($du). */
  setdsturi(uri: string): boolean
  /** Forget the next hop that was set. */
  resetdsturi(): boolean
  /** Is a next hop set? */
  isdsturiset(): boolean
  /** Is the method one of these? INVITE|BYE */
  is_method(methods: string): boolean
  /** Is the method one of these letters? I INVITE, A ACK, C CANCEL, B BYE, R REGISTER ... */
  is_method_in(letters: string): boolean
  /** Is it INVITE? */
  is_INVITE(): boolean
  /** Is it ACK? */
  is_ACK(): boolean
  /** Is it CANCEL? */
  is_CANCEL(): boolean
  /** Is it BYE? */
  is_BYE(): boolean
  /** Is it REGISTER? */
  is_REGISTER(): boolean
  /** Is it OPTIONS? */
  is_OPTIONS(): boolean
  /** Is it SUBSCRIBE? */
  is_SUBSCRIBE(): boolean
  /** Is it PUBLISH? */
  is_PUBLISH(): boolean
  /** Is it NOTIFY? */
  is_NOTIFY(): boolean
  /** Is it REFER? */
  is_REFER(): boolean
  /** Is it UPDATE? */
  is_UPDATE(): boolean
  /** Is it PRACK? */
  is_PRACK(): boolean
  /** Is it MESSAGE? */
  is_MESSAGE(): boolean
  /** Is it KDMQ? */
  is_KDMQ(): boolean
  /** Is it GET? */
  is_GET(): boolean
  /** Is it POST? */
  is_POST(): boolean
  /** Is it PUT? */
  is_PUT(): boolean
  /** Is it DELETE? */
  is_DELETE(): boolean
  /** Is it INFO? */
  is_INFO(): boolean
  /** Did it come by one of these? U UDP, T TCP, E TLS, S SCTP, V WS, W WSS */
  is_proto(letters: string): boolean
  /** Did it come by UDP? */
  is_UDP(): boolean
  /** Did it come by TCP? */
  is_TCP(): boolean
  /** Did it come by TLS? */
  is_TLS(): boolean
  /** Did it come by SCTP? */
  is_SCTP(): boolean
  /** Did it come by WebSocket? */
  is_WS(): boolean
  /** Did it come by secure WebSocket? */
  is_WSS(): boolean
  /** Did it come by WebSocket, secure or not? */
  is_WSX(): boolean
  /** Did it come by IPv4? */
  is_IPv4(): boolean
  /** Did it come by IPv6? */
  is_IPv6(): boolean
  /** Did it come from this port? */
  is_src_port(port: number): boolean
  /** Did it arrive at this port? */
  is_dst_port(port: number): boolean
  /** Does the next hop that was set name UDP as its transport? */
  to_UDP(): boolean
  /** Does the next hop that was set name TCP as its transport? */
  to_TCP(): boolean
  /** Does the next hop that was set name TLS as its transport? */
  to_TLS(): boolean
  /** Does the next hop that was set name SCTP as its transport? */
  to_SCTP(): boolean
  /** Does the next hop that was set name WebSocket as its transport? */
  to_WS(): boolean
  /** Does the next hop that was set name secure WebSocket as its transport? */
  to_WSS(): boolean
  /** Does the next hop that was set name WebSocket, secure or not as its transport? */
  to_WSX(): boolean
  /** Is the host of the next hop that was set an IPv4 address? */
  to_IPv4(): boolean
  /** Is the host of the next hop that was set an IPv6 address? */
  to_IPv6(): boolean
  /** Is this URI or host ours? */
  is_myself(uri: string): boolean
  /** Is the request URI ours? */
  is_myself_ruri(): boolean
  /** Is the next hop that was set ours? */
  is_myself_duri(): boolean
  /** Is the next hop, set or of the request URI, ours? */
  is_myself_nhuri(): boolean
  /** Is the URI of From ours? */
  is_myself_furi(): boolean
  /** Is the URI of To ours? */
  is_myself_turi(): boolean
  /** Is the address and port that it came from ours? */
  is_myself_suri(): boolean
  /** Is the address that it came from one of ours? */
  is_myself_srcip(): boolean
  /** Set a flag of the first branch. */
  setbflag(flag: number): boolean
  /** Clear a flag of the first branch. */
  resetbflag(flag: number): boolean
  /** Is a flag of the first branch set? */
  isbflagset(flag: number): boolean
  /** Set a flag of a branch. */
  setbiflag(flag: number, branch: number): boolean
  /** Clear a flag of a branch. */
  resetbiflag(flag: number, branch: number): boolean
  /** Is a flag of a branch set? */
  isbiflagset(flag: number, branch: number): boolean
  /** Set a flag of this script run. */
  setsflag(flag: number): boolean
  /** Clear a flag of this script run. */
  resetsflag(flag: number): boolean
  /** Is a flag of this script run set? */
  issflagset(flag: number): boolean
  readonly acc: KsrAcc
  readonly acc_radius: KsrAccRadius
  readonly alias_db: KsrAliasDb
  readonly app_jsdt: KsrAppJsdt
  readonly app_lua: KsrAppLua
  readonly async: KsrAsync
  readonly auth: KsrAuth
  readonly auth_db: KsrAuthDb
  readonly auth_radius: KsrAuthRadius
  readonly auth_xkeys: KsrAuthXkeys
  readonly avpops: KsrAvpops
  readonly benchmark: KsrBenchmark
  readonly blst: KsrBlst
  readonly cfgutils: KsrCfgutils
  readonly corex: KsrCorex
  readonly counters: KsrCounters
  readonly debugger: KsrDebugger
  readonly dialog: KsrDialog
  readonly dialplan: KsrDialplan
  readonly dispatcher: KsrDispatcher
  readonly diversion: KsrDiversion
  readonly domain: KsrDomain
  readonly drouting: KsrDrouting
  readonly exec: KsrExec
  readonly group: KsrGroup
  readonly hdr: KsrHdr
  readonly htable: KsrHtable
  readonly http_async_client: KsrHttpAsyncClient
  readonly http_client: KsrHttpClient
  readonly ipops: KsrIpops
  readonly jansson: KsrJansson
  readonly json: KsrJson
  readonly jsonrpcs: KsrJsonrpcs
  readonly keepalive: KsrKeepalive
  readonly kex: KsrKex
  readonly kx: KsrKx
  readonly ldap: KsrLdap
  readonly maxfwd: KsrMaxfwd
  readonly misc_radius: KsrMiscRadius
  readonly mqueue: KsrMqueue
  readonly mtree: KsrMtree
  readonly ndb_redis: KsrNdbRedis
  readonly path: KsrPath
  readonly pdt: KsrPdt
  readonly permissions: KsrPermissions
  readonly pike: KsrPike
  readonly pipelimit: KsrPipelimit
  readonly pv: KsrPv
  readonly pvx: KsrPvx
  readonly ratelimit: KsrRatelimit
  readonly regex: KsrRegex
  readonly registrar: KsrRegistrar
  readonly rr: KsrRr
  readonly sanity: KsrSanity
  readonly sdpops: KsrSdpops
  readonly secfilter: KsrSecfilter
  readonly siputils: KsrSiputils
  readonly sl: KsrSl
  readonly speeddial: KsrSpeeddial
  readonly sqlops: KsrSqlops
  readonly sst: KsrSst
  readonly statistics: KsrStatistics
  readonly textops: KsrTextops
  readonly textopsx: KsrTextopsx
  readonly tls: KsrTls
  readonly tm: KsrTm
  readonly tmx: KsrTmx
  readonly topos: KsrTopos
  readonly uac: KsrUac
  readonly uac_redirect: KsrUacRedirect
  readonly uri_db: KsrUriDb
  readonly userblocklist: KsrUserblocklist
  readonly usrloc: KsrUsrloc
  readonly websocket: KsrWebsocket
  readonly xhttp: KsrXhttp
  readonly xhttp_prom: KsrXhttpProm
  readonly xlog: KsrXlog
  readonly x: KsrX
}

declare const KSR: Ksr
