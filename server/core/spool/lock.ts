/** A spool belongs to one process: two that deliver the same records would deliver them twice. */
import { join } from 'node:path'
import type { SpoolFiles } from './files.ts'

/** When a process began, as the kernel counts; '' when there is none of this number. */
function beginning(files: SpoolFiles, pid: number): string {
  const line = files.readText(`/proc/${pid}/stat`) ?? ''
  // The name of the program, in brackets, may hold blanks; the time is the 20th field behind it.
  return line.slice(line.lastIndexOf(')') + 2).split(' ')[19] ?? ''
}

/**
 * Takes a folder; what a process that is gone left behind counts for nothing. The number of the
 * process that has it when that lives, else 0.
 */
export function lockFolder(files: SpoolFiles, folder: string, pid: number): number {
  const path = join(folder, 'lock')
  const own = `${pid} ${beginning(files, pid)}`
  while (!files.makeText(path, own)) {
    const text = files.readText(path) ?? ''
    const [other = '', began = ''] = text.split(' ')
    const lives = began !== '' && beginning(files, Number(other)) === began
    if (lives && text !== own) return Number(other)
    files.remove(path)
  }
  return 0
}

export function unlockFolder(files: SpoolFiles, folder: string): void {
  files.remove(join(folder, 'lock'))
}
