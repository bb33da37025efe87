// CPU time from /proc.
import { readdirSync, readFileSync } from 'node:fs'

/** Seconds of CPU that a process and all that descend from it have used. */
export function cpuOf(root: number): number {
  const own = new Map<number, number>()
  const children = new Map<number, number[]>()
  for (const entry of readdirSync('/proc').filter(name => /^\d+$/.test(name))) {
    const pid = Number(entry)
    const fields = statOf(pid)
    if (fields === null) continue
    own.set(pid, (Number(fields[11]) + Number(fields[12])) / 100)
    const parent = Number(fields[1])
    children.set(parent, [...(children.get(parent) ?? []), pid])
  }
  let total = 0
  const open = [root]
  for (let pid = open.pop(); pid !== undefined; pid = open.pop()) {
    total += own.get(pid) ?? 0
    open.push(...(children.get(pid) ?? []))
  }
  return total
}

function statOf(pid: number): string[] | null {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'latin1')
    return text.slice(text.lastIndexOf(')') + 2).split(' ')
  } catch {
    return null
  }
}
