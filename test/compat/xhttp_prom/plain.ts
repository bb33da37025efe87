/** An HTTP reply without what is another each time: status and body, times as T. */
export function plain(reply: string): string {
  const [head = '', ...body] = reply.split('\r\n\r\n')
  const [first = '', ...lines] = head.split('\r\n')
  const type = lines.find(line => line.startsWith('Content-Type'))
  const text = body.join('\r\n\r\n').replace(/\b1\d{12}\b/g, 'T')
  return [first, ...(type === undefined ? [] : [type]), text].join('\n')
}
