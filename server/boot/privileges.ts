/** -u and -g: giving up root once the sockets are open. */
import { UsageError } from './options.ts'

type Id = string | number
/** The type package leaves initgroups out. */
type PosixProcess = NodeJS.Process & { initgroups(user: Id, group: Id): void }

const id = (name: string): Id => (/^\d+$/.test(name) ? Number(name) : name)

export function dropPrivileges(user: string, group: string): void {
  if (user === '' && group === '') return
  const self = process as PosixProcess
  try {
    if (group !== '') self.setgid!(id(group))
    if (user !== '') {
      self.initgroups(id(user), id(group === '' ? user : group))
      self.setuid!(id(user))
    }
  } catch (error) {
    throw new UsageError(
      `cannot become ${user || '-'}:${group || '-'}: ${(error as Error).message}`,
    )
  }
}
