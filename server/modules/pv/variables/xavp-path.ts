/** What stands in $xavp(...): `root[i]=>child[j]`, and in $xavu(...): `a=>b=>c`. */
import { ALL_INDEXES, BadValue, NO_INDEX } from '../../../core/module/index.ts'

export interface XavpPath {
  readonly root: string
  /** NO_INDEX when none was written. */
  readonly rootIndex: number
  readonly child: string | null
  readonly childIndex: number
}

const LEVEL = /^([A-Za-z0-9_.:-]+)\s*(?:\[(\*|-?\d+)\])?$/

function readLevel(text: string): { name: string; index: number } {
  const found = LEVEL.exec(text.trim())
  if (found === null) throw new BadValue(`${text} is no name of an xavp`)
  const index = found[2]
  return {
    name: found[1]!,
    index: index === undefined ? NO_INDEX : index === '*' ? ALL_INDEXES : Number(index),
  }
}

export function readXavpPath(inner: string): XavpPath {
  const levels = inner.split('=>')
  if (levels.length > 2)
    throw new BadValue(`${inner} has more than two levels`, '$xavu(a=>b=>c) may have more')
  const root = readLevel(levels[0]!)
  const child = levels[1] === undefined ? null : readLevel(levels[1])
  return {
    root: root.name,
    rootIndex: root.index,
    child: child === null ? null : child.name,
    childIndex: child === null ? NO_INDEX : child.index,
  }
}

export function readXavuPath(inner: string): string[] {
  const levels = inner.split('=>').map(level => level.trim())
  if (levels.some(level => !/^[A-Za-z0-9_.:-]+$/.test(level)))
    throw new BadValue(`${inner} is no name of an xavu`)
  return levels
}
