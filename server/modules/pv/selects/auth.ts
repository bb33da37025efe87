/** @authorization["realm"] and @proxy_authorization["realm"]: credentials for a realm. */
import { H_AUTHORIZATION, H_PROXY_AUTHORIZATION } from '../../../sip/header-names.ts'
import { type SipMessage, STRIDE } from '../../../sip/message.ts'
import { digestParam, isDigest } from '../digest.ts'
import { branch, leaf, orNull, type Root } from './step.ts'

const NAMES = ['realm', 'nonce', 'uri', 'cnonce', 'nc', 'response', 'opaque', 'algorithm', 'qop']

/** The credentials for this realm among all headers with this number. */
function credentials(msg: SipMessage, id: number, realm: string): string | null {
  for (let i = msg.find(id); i >= 0; i = msg.find(id, i + STRIDE)) {
    const body = msg.bodyAt(i)
    if (isDigest(body) && digestParam(body, 'realm') === realm) return body
  }
  return null
}

function authRoot(id: number, realm: string): Root {
  const part = (name: string, cut: (value: string) => string = value => value): Root =>
    leaf((_core, msg) => {
      const body = credentials(msg, id, realm)
      const value = body === null ? null : digestParam(body, name)
      return value === null ? null : orNull(cut(value))
    })
  const whole = (_core: unknown, msg: SipMessage) => credentials(msg, id, realm)
  const userName = branch(part('username')({ name: '', keys: [] }, []), {
    user: part('username', name => name.split('@')[0]!),
    domain: part('username', name => name.split('@')[1] ?? ''),
  })
  return branch(whole, {
    username: userName,
    ...Object.fromEntries(NAMES.map(name => [name, part(name)])),
  })
}

const auth =
  (id: number): Root =>
  (step, rest) => {
    const [realm] = step.keys
    return typeof realm === 'string' ? authRoot(id, realm)({ name: '', keys: [] }, rest) : null
  }

export const authSelects: Record<string, Root> = {
  authorization: auth(H_AUTHORIZATION),
  proxy_authorization: auth(H_PROXY_AUTHORIZATION),
}
