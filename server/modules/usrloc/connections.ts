/** A contact that has expired may take the connection along by which it came. */
import type { Core } from '../../core/core.ts'
import type { Contact } from './api.ts'

/** Closes the connection of a contact (close_expired_tcp). */
export function closeConnection({ network }: Core, contact: Contact): void {
  const { connection: number } = contact
  const connection = number > 0 ? (network.streams?.connection(number) ?? null) : null
  if (connection === null) return
  if (connection.webSocket === null) connection.socket.end()
  else connection.webSocket.close()
}
