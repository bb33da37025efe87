/** `lcr`: least cost routing. */
import type { Command } from '../command.ts'
import { type TableSpec, callRun, showRows } from '../database/table-commands.ts'

const gateways: TableSpec = { kind: 'Gateway', table: ['LCR_GW_TABLE', 'lcr_gw'] }
const rules: TableSpec = { kind: 'Rule', table: ['LCR_RULE_TABLE', 'lcr_rule'] }
const targets: TableSpec = { kind: 'Target', table: ['LCR_TARGET_TABLE', 'lcr_rule_target'] }

export const lcrCommands: readonly Command[] = [
  {
    name: 'lcr show_gws',
    args: [],
    doc: 'Show the gateways in the database.',
    examples: ['lcr show_gws'],
    run: showRows(gateways, () => [], 'lcr_id, id'),
  },
  {
    name: 'lcr show_routes',
    args: [],
    doc: 'Show the rules in the database.',
    examples: ['lcr show_routes'],
    run: showRows(rules, () => [], 'lcr_id, prefix, id'),
  },
  {
    name: 'lcr show_targets',
    args: [],
    doc: 'Show which rule leads to which gateways.',
    examples: ['lcr show_targets'],
    run: showRows(targets, () => [], 'lcr_id, rule_id, priority, id'),
  },
  {
    name: 'lcr dump_gws',
    args: [],
    doc: 'Show the gateways that nodes have in memory.',
    examples: ['lcr dump_gws'],
    run: callRun('lcr.dump_gws'),
  },
  {
    name: 'lcr dump_routes',
    args: [],
    doc: 'Show the rules that nodes have in memory.',
    examples: ['lcr dump_routes'],
    run: callRun('lcr.dump_rules'),
  },
  {
    name: 'lcr reload',
    args: [],
    doc: 'Have nodes read gateways and rules again.',
    examples: ['lcr reload'],
    run: callRun('lcr.reload'),
  },
]
