// Writes docs/core-parameters.md from the declarations of the core parameters:
//   node test/setup/core-parameters.ts
import { writeFileSync } from 'node:fs'
import { coreParams } from '../../server/core/params.ts'
import type { CoreParam } from '../../server/core/params/row.ts'

export const TABLE_FILE = 'docs/core-parameters.md'

type Param = CoreParam<number> | CoreParam<string>

const HEAD = `# Core parameters

What a config may set outside of modules and routes, \`name=value\`. All of Kamailio's are taken.
This says what each does here.

Made by \`node test/setup/core-parameters.ts\` from \`server/core/params\`.

- **Changes** names the runtime variable: \`cfg.set\` changes it while the node runs.
- What is not of Kamailio 5.6 is marked 6: \`--strict-5.6\` refuses it.
`

const PARTS: readonly (readonly [Param['effect'], string, string])[] = [
  ['acts', 'What acts', 'Each does what Kamailio does with it, or what its sentence says.'],
  [
    'idle',
    'What has nothing to do',
    'Taken, because configs have them. A config that sets one to something else than the default ' +
      'is told so in one line of the log when the node starts (level info).',
  ],
  [
    'lacking',
    'What is missing',
    'Who sets one of these will miss what Kamailio does: it is a warning when the config is read.',
  ],
]

const COLUMNS = '| parameter | default | what it does | changes |\n|---|---|---|---|'

/** The text of docs/core-parameters.md. */
export function parameterTable(): string {
  const parts = PARTS.map(([effect, title, sentence]) => {
    const rows = Object.entries(coreParams).filter(([, param]) => param.effect === effect)
    const lines = rows.sort(([a], [b]) => (a < b ? -1 : 1)).map(([name, param]) => row(name, param))
    return `## ${title}\n\n${sentence}\n\n${[COLUMNS, ...lines].join('\n')}\n`
  })
  return [HEAD, ...parts].join('\n')
}

function row(name: string, param: Param): string {
  const names = [name, ...param.aliases].map(each => `\`${each}\``).join(' ')
  const usual = param.default === '' ? '' : `\`${param.default}\``
  const doc = param.doc.replace(/^(No effect|Not supported): /, '').replaceAll('|', '\\|')
  const live = param.live === '' || param.fixed ? '' : `\`${param.live}\``
  return `| ${names}${param.since6 ? ' (6)' : ''} | ${usual} | ${doc} | ${live} |`
}

if (import.meta.main) writeFileSync(TABLE_FILE, parameterTable())
