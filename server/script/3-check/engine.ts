/** `cfgengine`, and the functions of its script that stand for routes: `kemi.*_callback`. */
import { callbackNames } from '../../core/kemi/kemi.ts'
import type { SettingNode } from '../2-parse/ast.ts'
import type { Context } from './context.ts'
import { suggest } from './suggest.ts'

const NATIVE = ['native', 'default']
/** The module of an engine has its name behind this: app_lua. */
const PREFIX = 'app_'
const CALLBACK = /^kemi\.(.*)_callback$/

export function checkEngine(ctx: Context): void {
  for (const node of ctx.script.items) {
    if (node.kind !== 'setting') continue
    if (node.name === 'cfgengine') checkName(ctx, node)
    else if (node.name.startsWith('kemi.')) checkCallback(ctx, node)
  }
}

function checkName({ registry, report, surroundings }: Context, node: SettingNode): void {
  const { value: engine, at } = node
  if (NATIVE.includes(engine)) return
  const module = registry.module(PREFIX + engine)
  if (module !== null && module.absent === undefined) return
  const engines = surroundings.available.filter(name => name.startsWith(PREFIX))
  if (engines.includes(PREFIX + engine)) report.error(at, 'CFG_ENGINE_MODULE', engine)
  else {
    const known = ['native', ...engines.map(name => name.slice(PREFIX.length))]
    report.error(at, 'CFG_ENGINE', engine, known)
  }
}

function checkCallback({ report, strict56 }: Context, node: SettingNode): void {
  const name = CALLBACK.exec(node.name)?.[1] ?? ''
  if (!callbackNames.includes(name)) {
    const known = callbackNames.map(each => `kemi.${each}_callback`)
    report.error(node.at, 'CFG_UNKNOWN_PARAM', node.name, suggest(node.name, known))
  } else if (strict56 && name === 'request_route') report.error(node.at, 'CFG_ONLY_6', node.name)
}
