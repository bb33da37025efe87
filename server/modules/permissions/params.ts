/** The parameters of permissions. */
import { intParam, pvarParam, strParam } from '../../core/module/index.ts'

const rules = {
  default_allow_file: strParam({
    default: 'permissions.allow',
    doc: 'The file with rules of what is allowed, beside the config unless it has a /.',
  }),
  default_deny_file: strParam({
    default: 'permissions.deny',
    doc: 'The file with rules of what is denied.',
  }),
  check_all_branches: intParam({
    default: 1,
    doc: '0: allow_routing looks at the request URI only, not at branches.',
  }),
  allow_suffix: strParam({
    default: '.allow',
    doc: 'End of the name of files with what is allowed.',
  }),
  deny_suffix: strParam({ default: '.deny', doc: 'End of the name of files with what is denied.' }),
}

const sources = {
  db_url: strParam({ default: '', doc: 'The database; empty: no tables.' }),
  db_mode: intParam({
    default: 0,
    min: 0,
    max: 1,
    doc: 'Trusted peers are asked of the database each time (0) or kept in memory (1).',
  }),
  address_file: strParam({
    default: '',
    doc: 'A file with the addresses, in place of the table: group address mask port tag.',
  }),
  load_backends: intParam({
    default: 0xffff,
    doc: 'What is used: 1 addresses; 2 trusted peers; 4 files that allow; 8 files that deny.',
  }),
  max_subnets: intParam({ default: 512, min: 1, doc: 'Most networks among the addresses.' }),
  reload_delta: intParam({ default: 5, min: 0, doc: 'Fewest seconds between two reloads.' }),
  trusted_cleanup_interval: intParam({
    default: 60,
    doc: 'Seconds after which an old table is given back; here that needs no timer.',
  }),
}

const columns = {
  trusted_table: strParam({ default: 'trusted', doc: 'Table of trusted peers.' }),
  source_col: strParam({ default: 'src_ip', doc: 'Its column of the address.' }),
  proto_col: strParam({ default: 'proto', doc: 'Its column of the transport.' }),
  from_col: strParam({ default: 'from_pattern', doc: 'Its column of the pattern of From.' }),
  ruri_col: strParam({
    default: 'ruri_pattern',
    doc: 'Its column of the pattern of the request URI.',
  }),
  tag_col: strParam({ default: 'tag', doc: 'Column of the tag, in both tables.' }),
  priority_col: strParam({ default: 'priority', doc: 'Its column of the priority.' }),
  address_table: strParam({ default: 'address', doc: 'Table of addresses.' }),
  grp_col: strParam({ default: 'grp', doc: 'Its column of the group.' }),
  ip_addr_col: strParam({ default: 'ip_addr', doc: 'Its column of the address or name.' }),
  mask_col: strParam({ default: 'mask', doc: 'Its column of the bits of a network.' }),
  port_col: strParam({ default: 'port', doc: 'Its column of the port, 0 for any.' }),
}

export const params = {
  ...rules,
  ...sources,
  ...columns,
  peer_tag_avp: pvarParam({ doc: 'The AVP that gets the tag of what was found.' }),
  peer_tag_mode: intParam({
    default: 0,
    doc: '1: allow_trusted leaves the tags of all peers that fit, not of the first one only.',
  }),
}
