// Modules as the host makes them, over a core without sockets.
import { ModuleHost, type ParamValue } from '../../../../server/core/host.ts'
import type { AnyModule } from '../../../../server/core/module/index.ts'
import { testNode, type TestNode } from '../core/rpc/core-for-test.ts'

export interface TestModules extends TestNode {
  readonly host: ModuleHost
}

/** `values`: what modparam() lines would say, as `[module, name, value]`. */
export function testModules(
  surfaces: readonly AnyModule[],
  values: readonly (readonly [module: string, name: string, value: string | number])[] = [],
  prepare: (node: TestNode) => void = () => {},
): TestModules {
  const node = testNode()
  prepare(node)
  const host = new ModuleHost(node.core)
  for (const surface of surfaces) node.core.registry.add(surface)
  host.make(
    surfaces,
    values.map(([module, name, value]): ParamValue => ({ module, name, value, at: 'test.cfg' })),
  )
  host.link()
  return { ...node, host }
}

/** What the recorded Kamailio had beside its modules: the group `pstn` of its config. */
export function withPstn({ core }: TestNode): void {
  const pstn = { gw_ip: '1.2.3.4', gw_port: 5060 }
  const declare = (name: 'gw_ip' | 'gw_port', kind: 'int' | 'string', doc: string): void =>
    core.cfg.declare({ group: 'pstn', name, kind, doc, default: pstn[name], live: true }, pstn)
  declare('gw_ip', 'string', 'PSTN GW Address')
  declare('gw_port', 'int', 'PSTN port')
}
