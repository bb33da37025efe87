// The script with which a question is asked, for the real Kamailio and for ours.
import type { Question } from './facts.ts'

export const script = ({ call, show = [] }: Question): string => `request_route {
  if (is_method("OPTIONS")) { www_challenge("example.org", "1"); exit; }
  setflag(4);
  ${call};
  $var(rc) = $rc;
  xlog("L_ERR", "@@${show.map(name => (name === '$rc' ? '$var(rc)' : name)).join(' | ')}\\n");
}`
