/** Users and groups of this machine by name or number, for the owners of FIFOs and sockets. */
import { readFileSync } from 'node:fs'

/** What chown takes for "leave it as it is". */
const UNCHANGED = -1

/** The number of a user; -1 for no name. Throws a sentence when there is none of this name. */
export const userId = (name: string): number => idIn('/etc/passwd', 'user', name)
export const groupId = (name: string): number => idIn('/etc/group', 'group', name)

function idIn(file: string, kind: string, name: string): number {
  if (name === '') return UNCHANGED
  if (/^\d+$/.test(name)) return Number(name)
  const row = readFileSync(file, 'latin1')
    .split('\n')
    .find(line => line.startsWith(`${name}:`))
  if (row === undefined) throw new Error(`there is no ${kind} ${name}`)
  return Number(row.split(':')[2])
}
