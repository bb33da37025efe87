/** What exec does, asked of the real Kamailio: each case is a route of its own. */
import { configOfCases } from '../script/case-routes.ts'

const show = (text: string): string => `xlog("L_ERR", "@@$hdr(X-Test) ${text}\\n");`
const destinations = '$ru | $branch(count) $(branch(uri)[0]) $(branch(uri)[1])'
/** Sorted, the one that is another each time left out, lines joined by |. */
const environment = [
  'env',
  'grep ^SIP_',
  String.raw`grep -v 'X_TEST\|TID\|VIA'`,
  'LC_ALL=C sort',
  String.raw`tr '\\n' '|'`,
].join(' | ')

export const CASES: readonly string[] = [
  `exec_avp("${environment}"); ${show('$rc $avp(i:1)')}`,
  `exec_avp("echo one; echo two"); ${show('$rc $avp(i:1) $avp(i:2) $avp(i:3)')}`,
  `exec_avp("echo one; echo two", "$avp(s:a),$avp(s:b)"); ${show('$rc $avp(s:a) $avp(s:b)')}`,
  `exec_avp("echo one; echo two; echo three", "$avp(s:a);$avp(s:b)");
    ${show('$rc $(avp(s:a)[*]) $(avp(s:b)[*])')}`,
  `exec_avp("echo one", "$avp(s:a);$avp(s:b)"); ${show('$rc $avp(s:a) $avp(s:b)')}`,
  `exec_avp("echo 5; echo; echo -n x"); ${show('$rc <$avp(i:1)> <$avp(i:2)> <$avp(i:3)>')}`,
  `exec_avp("true"); ${show('$rc <$avp(i:1)>')}`,
  `exec_avp("false"); ${show('$rc <$avp(i:1)>')}`,
  `exec_avp("echo out; exit 3"); ${show('$rc <$avp(i:1)>')}`,
  `exec_avp("nothing-of-this-name"); ${show('$rc <$avp(i:1)>')}`,
  `exec_avp("echo '$rU'"); ${show('$rc <$avp(i:1)>')}`,
  `exec_cmd("true"); ${show('$rc')}`,
  `exec_cmd("false"); ${show('$rc')}`,
  `exec_cmd("exit 5"); ${show('$rc')}`,
  `exec_msg("cat > /dev/null"); ${show('$rc')}`,
  `exec_msg("cat > /dev/null; false"); ${show('$rc')}`,
  `exec_dset("echo sip:one@127.0.0.1; echo sip:two@127.0.0.1 #"); ${show(`$rc ${destinations}`)}`,
  `exec_dset("echo sip:one@127.0.0.1 #"); ${show(`$rc ${destinations}`)}`,
  `exec_dset("true #"); ${show(`$rc ${destinations}`)}`,
  `exec_dset("false #"); ${show(`$rc ${destinations}`)}`,
  `exec_dset("echo"); ${show(`$rc ${destinations}`)}`,
  `exec_dset("echo sip:one@127.0.0.1; exit 4 #"); ${show(`$rc ${destinations}`)}`,
  `exec_dset("echo sip:one@127.0.0.1; echo; echo sip:two@127.0.0.1 #");
    ${show(`$rc ${destinations}`)}`,
]

export const configOf = (port: number, params = ''): string =>
  configOfCases(port, CASES, { modules: ['exec'], params })
