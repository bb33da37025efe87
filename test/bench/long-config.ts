/** A config of many lines that looks like what operators write. */

const MODULES = ['tm', 'sl', 'rr', 'pv', 'textops', 'siputils', 'xlog', 'kex', 'htable', 'maxfwd']

const HEAD = `#!KAMAILIO
#!define FLT_ACC 1
#!define LIMIT 10
debug=2
${MODULES.map(name => `loadmodule "${name}.so"`).join('\n')}
modparam("htable", "htable", "seen=>size=8;autoexpire=300;")
request_route {
  if (!mf_process_maxfwd_header("10")) {
    sl_send_reply("483", "Too Many Hops");
    exit;
  }
  route(R0);
}
`

/** 22 lines a route, each of which calls the next one. */
const route = (n: number, last: boolean): string => `
# the ${n}th of many routes
route[R${n}] {
  if (is_method("INVITE|SUBSCRIBE") && !has_totag()) {
    $var(count${n}) = $sht(seen=>$si::${n}) + 1;
    $sht(seen=>$si::${n}) = $var(count${n});
    if ($var(count${n}) > LIMIT || $ua =~ "scanner|sip${n}") {
      xlog("L_NOTICE", "too many of $rm from $fu ($si:$sp) in route ${n}\\n");
      sl_send_reply("503", "Slow Down");
      exit;
    }
  } else if ($rU == $null || $(rU{s.len}) < 3) {
    $rU = "user${n}" + $(fU{s.substr,0,2});
    append_hf("X-Route: ${n}\\r\\n");
  }
  switch ($rd) {
    case "a${n}.example.org": setflag(FLT_ACC); break;
    case "b${n}.example.org": $du = "sip:10.0.0.1:5060;transport=udp"; break;
    default: $avp(last) = "${n}";
  }
  ${last ? 'exit;' : `route(R${n + 1});`}
}
`

/** At least so many lines. */
export function longConfig(lines: number): string {
  const count = Math.ceil(lines / 22)
  const routes = Array.from({ length: count }, (_, n) => route(n, n === count - 1))
  return HEAD + routes.join('')
}
