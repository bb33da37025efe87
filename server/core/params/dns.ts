/** Core parameters: names to addresses, and destinations that are known to be down. */
import { idleInt, int, SWITCH } from './row.ts'

const live = (name: string) => ({ live: `core.${name}` })

const questions = {
  dns: idleInt(0, 'what a Via says is compared as text; received is added when it differs.'),
  rev_dns: idleInt(0, 'what a Via says is compared as text; received is added when it differs.', {
    aliases: ['dns_rev_via'],
  }),
  dns_try_ipv6: int(1, 'Not 0: names that have no IPv4 address are asked for an IPv6 one.', {
    ...live('dns_try_ipv6'),
    ...SWITCH,
  }),
  dns_try_naptr: int(0, 'Not 0: NAPTR records are asked for first (RFC 3263).', {
    ...live('dns_try_naptr'),
    ...SWITCH,
  }),
  dns_srv_lb: int(0, 'Not 0: SRV records of one priority are chosen by their weights.', {
    ...live('dns_srv_lb'),
    ...SWITCH,
    aliases: ['dns_srv_loadbalancing'],
  }),
  dns_udp_pref: int(30, 'How much UDP is preferred among NAPTR records; negative: never.', {
    ...live('dns_udp_pref'),
    aliases: ['dns_udp_preference'],
  }),
  dns_tcp_pref: int(20, 'How much TCP is preferred among NAPTR records; negative: never.', {
    ...live('dns_tcp_pref'),
    aliases: ['dns_tcp_preference'],
  }),
  dns_tls_pref: int(10, 'How much TLS is preferred among NAPTR records; negative: never.', {
    ...live('dns_tls_pref'),
    aliases: ['dns_tls_preference'],
  }),
  dns_sctp_pref: int(20, 'How much SCTP is preferred among NAPTR records; negative: never.', {
    ...live('dns_sctp_pref'),
    aliases: ['dns_sctp_preference'],
  }),
  dns_retr_time: int(-1, 'Seconds between two questions; -1: as the system says.', {
    ...live('dns_retr_time'),
  }),
  dns_slow_query_ms: int(0, 'Milliseconds after which an answer is logged as slow; 0: never.', {
    ...live('dns_slow_query_ms'),
  }),
  dns_retr_no: int(-1, 'How often a question is asked again; -1: as the system says.', {
    ...live('dns_retr_no'),
  }),
  dns_servers_no: int(-1, 'How many of the name servers are asked; -1: all.', {
    ...live('dns_servers_no'),
  }),
  dns_use_search_list: int(1, 'Not 0: the search list of the system completes short names.', {
    ...live('dns_use_search_list'),
    ...SWITCH,
  }),
  dns_search_full_match: idleInt(1, 'only answers for the whole name that was asked for count.', {
    ...live('dns_search_full_match'),
    ...SWITCH,
  }),
  dns_naptr_ignore_rfc: int(1, 'Not 0: our preferences come before the order of the records.', {
    ...live('dns_naptr_ignore_rfc'),
  }),
}

const cache = {
  dns_cache_init: int(1, '0: there is no cache at all.'),
  use_dns_cache: int(1, 'Not 0: answers are kept as long as they say.', {
    ...live('use_dns_cache'),
    ...SWITCH,
    aliases: ['dns_use_cache'],
  }),
  use_dns_failover: int(0, 'Not 0: the next address of a name is tried when one fails.', {
    ...live('use_dns_failover'),
    ...SWITCH,
    aliases: ['dns_use_failover'],
  }),
  dns_cache_flags: int(0, '1: IPv4 addresses only; 2: IPv6 addresses only; 4: IPv6 first.', {
    ...live('dns_cache_flags'),
    min: 0,
    max: 4,
  }),
  dns_cache_negative_ttl: int(60, 'Seconds for which it is kept that a name does not exist.', {
    ...live('dns_cache_negative_ttl'),
  }),
  dns_cache_max_ttl: int(-1, 'Most seconds for which an answer is kept; -1: as it says.', {
    ...live('dns_cache_max_ttl'),
  }),
  dns_cache_min_ttl: int(0, 'Fewest seconds for which an answer is kept.', {
    ...live('dns_cache_min_ttl'),
  }),
  dns_cache_mem: int(512_000, 'Bytes that the cache may take.', { ...live('dns_cache_mem') }),
  dns_cache_gc_interval: int(120, 'Seconds between two searches for what has run out.'),
  dns_cache_del_nonexp: int(0, 'Not 0: a full cache also drops what has not run out.', {
    ...live('dns_cache_del_nonexp'),
    ...SWITCH,
    aliases: ['dns_cache_delete_nonexpired'],
  }),
  dns_cache_rec_pref: int(0, '1: old records are preferred; 2: new; 3: the longer living.', {
    ...live('dns_cache_rec_pref'),
    min: 0,
    max: 3,
  }),
}

const blocklist = {
  dst_blocklist_init: int(1, '0: there is no list of destinations that are down.'),
  use_dst_blocklist: int(0, 'Not 0: destinations that fail are left alone for a while.', {
    ...live('use_dst_blocklist'),
    ...SWITCH,
  }),
  dst_blocklist_mem: int(256_000, 'Bytes that the list may take.', {
    ...live('dst_blocklist_mem'),
  }),
  dst_blocklist_expire: int(60, 'Seconds for which a destination is left alone.', {
    ...live('dst_blocklist_expire'),
    aliases: ['dst_blocklist_ttl'],
  }),
  dst_blocklist_gc_interval: int(60, 'Seconds between two searches for what has run out.'),
  dst_blocklist_udp_imask: int(0, 'Reasons (bits) for which UDP destinations stay off the list.', {
    ...live('dst_blocklist_udp_imask'),
  }),
  dst_blocklist_tcp_imask: int(0, 'Reasons (bits) for which TCP destinations stay off the list.', {
    ...live('dst_blocklist_tcp_imask'),
  }),
  dst_blocklist_tls_imask: int(0, 'Reasons (bits) for which TLS destinations stay off the list.', {
    ...live('dst_blocklist_tls_imask'),
  }),
  dst_blocklist_sctp_imask: idleInt(0, 'there is no SCTP here.', {
    ...live('dst_blocklist_sctp_imask'),
  }),
}

export const dns = { ...questions, ...cache, ...blocklist }
