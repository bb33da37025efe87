/** What is being typed at the bottom of the screen. */
import type { NodeModel } from './model/node-model.ts'
import type { Edit } from './view.ts'

export type Prompt =
  /** Applied while it is typed; `before` comes back with Escape. */
  | { readonly kind: 'filter'; text: string; readonly before: string }
  | { readonly kind: 'command'; text: string }
  /** A new value for a parameter, on the nodes that Tab chooses. */
  | { readonly kind: 'edit'; text: string; readonly edit: Edit; target: number }
  /** `word` '' wants y; else the word itself is typed. */
  | {
      readonly kind: 'confirm'
      text: string
      readonly question: string
      readonly word: string
      readonly run: () => void
    }

/** The choices of Tab in an edit: all nodes, then each alone. */
export function editTargets(nodes: readonly NodeModel[]): (readonly NodeModel[])[] {
  return nodes.length > 1 ? [nodes, ...nodes.map(node => [node])] : [nodes]
}

export const namesOf = (nodes: readonly NodeModel[]): string =>
  nodes.map(({ name }) => name).join(' ')

/** Text after a key; null when the key writes nothing. */
export function typed(text: string, key: string): string | null {
  if (key === 'backspace') return text.slice(0, -1)
  if (key === 'ctrl-u') return ''
  if (key === 'ctrl-w') return text.replace(/\S+\s*$/, '')
  if (key === 'space') return `${text} `
  // A single visible character, or pasted ones.
  const isText = key.length === 1 || key.startsWith('paste:')
  return isText ? text + key.replace(/^paste:/, '').replace(/\p{Cc}/gu, '') : null
}
