/** The text protocol over a FIFO: the reply goes into another FIFO, which the request names. */
import { replyPath, writeReply } from '../../core/rpc/reply-fifo.ts'
import type { Protocol } from './protocol.ts'
import { readTextRequest, type TextProtocol } from './text-protocol.ts'

const FOLDER = '/tmp/'

export function replyingByFifo(text: TextProtocol, onError: (text: string) => void): Protocol {
  return {
    name: text.name,
    reader: () => text.reader(),
    answer: async (bytes, caller) => {
      const request = readTextRequest(bytes.toString('latin1'))
      if (request === null) return text.answer(bytes, caller)
      const reply = await text.execute(request, caller)
      const path = replyPath(FOLDER, request.replyFifo)
      if (path === null) {
        onError(`No reply pipe ${request.replyFifo}`)
        return null
      }
      try {
        await writeReply(path, reply)
      } catch (error) {
        onError(`reply not written: ${(error as Error).message}`)
      }
      return null
    },
  }
}
