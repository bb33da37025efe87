/** Users and groups of this machine by name, for the owners of FIFOs and sockets. */
import { readFileSync } from 'node:fs'

/** The number of a user; null when there is none of this name. */
export const userId = (name: string): number | null => idIn('/etc/passwd', name)
export const groupId = (name: string): number | null => idIn('/etc/group', name)

function idIn(file: string, name: string): number | null {
  if (/^\d+$/.test(name)) return Number(name)
  const row = readFileSync(file, 'latin1')
    .split('\n')
    .find(line => line.startsWith(`${name}:`))
  return row === undefined ? null : Number(row.split(':')[2])
}
