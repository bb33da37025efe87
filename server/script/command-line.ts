/** `--loadmodule` and `--modparam`: as if they stood above the config. */
import { moduleName } from './1-read/defines.ts'
import { onCommandLine } from './1-read/source.ts'
import type { LoadModuleNode, ModParamNode } from './2-parse/ast.ts'
import type { Report } from './diagnostic.ts'

export const givenModules = (names: readonly string[]): LoadModuleNode[] =>
  names.map(name => ({
    kind: 'loadmodule',
    module: moduleName(name),
    at: onCommandLine(`--loadmodule=${name}`),
  }))

const SERIALIZED = /^([^:]+):([^:]+):([is]):(.*)$/s

/** `modname:paramname:type:value`; what is no such text is reported. */
export function givenParams(texts: readonly string[], report: Report): ModParamNode[] {
  return texts.flatMap(text => {
    const at = onCommandLine(`--modparam=${text}`)
    const [, modules, name, type, value = ''] = SERIALIZED.exec(text) ?? []
    const number = type === 'i' && /^-?\d+$/.test(value) ? Number(value) : null
    if (modules === undefined || name === undefined || (type === 'i' && number === null)) {
      report.error(at, 'CFG_MODPARAM_FORMAT', text)
      return []
    }
    return [
      {
        kind: 'modparam',
        modules: { kind: 'text', value: modules, at },
        name: { kind: 'text', value: name, at },
        value:
          number === null ? { kind: 'text', value, at } : { kind: 'number', value: number, at },
        evaluated: false,
        at,
      },
    ]
  })
}
