// Serial forking by q: t_load_contacts, t_next_contacts, t_next_contact_flow.
import { describe, expect, test } from 'vitest'
import {
  loadContacts,
  nextContactFlow,
  nextContacts,
} from '../../../../../server/modules/tm/contacts.ts'
import { BY_URI } from '../../../../../server/modules/tm/forward.ts'
import { relay } from '../../../../../server/modules/tm/relay.ts'
import * as set from '../../../../../server/modules/tm/settings.ts'
import type { Branch, SipMessage } from '../../../../../server/sip/message.ts'
import { CALLER, request, TestProxy } from './proxy-for-test.ts'

const contact = (host: string, q: number, instance = ''): Branch => ({
  uri: `sip:u@${host}`,
  dstUri: '',
  path: '',
  q,
  flags: 0,
  socket: null,
  instance,
  regId: 0,
  ruid: '',
  userAgent: '',
  connection: 0,
})

function node(script: (proxy: TestProxy, msg: SipMessage) => number): TestProxy {
  const proxy = new TestProxy(script)
  proxy.config.contacts_avp = 'tm_contacts'
  proxy.config.contact_flows_avp = 'tm_contact_flows'
  return proxy.start()
}

/** The first of them becomes the request URI. */
function put(msg: SipMessage, ...contacts: Branch[]): void {
  msg.setUri(contacts[0]!.uri)
  msg.q = contacts[0]!.q
  msg.instance = contacts[0]!.instance
  msg.branches = contacts.slice(1)
}

describe('t_load_contacts and t_next_contacts', () => {
  test('try the highest q first, equal ones together, the rest after failures', () => {
    const proxy = node((self, msg) => {
      put(msg, contact('10.0.0.11', 300), contact('10.0.0.12', 900), contact('10.0.0.13', 900))
      expect(loadContacts(self.tm, msg)).toBe(1)
      expect(nextContacts(self.tm, msg)).toBe(1)
      const block = self.block('failure', 'F', failed => {
        if (nextContacts(self.tm, failed) < 0) return 1
        set.onFailure(self.tm, failed, block)
        return relay(self.tm, failed, BY_URI, 0)
      })
      set.onFailure(self.tm, msg, block)
      return relay(self.tm, msg, BY_URI, 0)
    })
    proxy.receive(request('OPTIONS', 'bob'))
    expect(proxy.take()).toEqual([
      '10.0.0.13 OPTIONS sip:u@10.0.0.13',
      '10.0.0.12 OPTIONS sip:u@10.0.0.12',
    ])
    proxy.answer('10.0.0.12', 404)
    proxy.answer('10.0.0.13', 404)
    expect(proxy.take()).toEqual(['10.0.0.11 OPTIONS sip:u@10.0.0.11'])
    proxy.answer('10.0.0.11', 480, 'Last')
    expect(proxy.take()).toEqual([`${CALLER} 480 Last OPTIONS`])
  })

  test('leave one contact alone, and say when none is left', () => {
    const verdicts: number[] = []
    const proxy = node((self, msg) => {
      verdicts.push(loadContacts(self.tm, msg), nextContacts(self.tm, msg))
      return 1
    })
    proxy.receive(request('OPTIONS', 'bob'))
    expect(verdicts).toEqual([1, -2])
  })

  test('mode 1 tries them one by one, those without weight last', () => {
    const order: string[] = []
    const proxy = node((self, msg) => {
      put(msg, contact('10.0.0.11', 0), contact('10.0.0.12', 500), contact('10.0.0.13', 500))
      loadContacts(self.tm, msg, 1)
      while (nextContacts(self.tm, msg) === 1) {
        expect(msg.branches).toBeNull()
        order.push(msg.uri)
      }
      return 1
    })
    proxy.receive(request('OPTIONS', 'bob'))
    expect(order.at(-1)).toBe('sip:u@10.0.0.11')
    expect(order.toSorted()).toHaveLength(3)
  })

  test('take those behind a Path as they stand, and the others before them', () => {
    const order: string[] = []
    const behind = (host: string): Branch => ({ ...contact(host, 500), path: '<sip:10.0.0.9;lr>' })
    const proxy = node((self, msg) => {
      put(msg, behind('10.0.0.11'), contact('10.0.0.12', 500), behind('10.0.0.13'))
      msg.path = '<sip:10.0.0.9;lr>'
      loadContacts(self.tm, msg)
      nextContacts(self.tm, msg)
      order.push(msg.uri, ...(msg.branches ?? []).map(({ uri }) => uri))
      return 1
    })
    proxy.receive(request('OPTIONS', 'bob'))
    expect(order).toEqual(['sip:u@10.0.0.12', 'sip:u@10.0.0.11', 'sip:u@10.0.0.13'])
  })

  test('are off without contacts_avp', () => {
    const proxy = new TestProxy((self, msg) => {
      expect(loadContacts(self.tm, msg)).toBe(-1)
      return 1
    }).start()
    proxy.receive(request('OPTIONS', 'bob'))
    expect(proxy.log.join()).toContain('contacts_avp has not been set')
  })
})

describe('t_next_contact_flow', () => {
  test('tries another flow to the device whose branch failed', () => {
    const proxy = node((self, msg) => {
      put(
        msg,
        contact('10.0.0.11', 900, '<urn:a>'),
        contact('10.0.0.12', 900, '<urn:b>'),
        contact('10.0.0.13', 900, '<urn:a>'),
      )
      loadContacts(self.tm, msg)
      nextContacts(self.tm, msg)
      self.block('event', 'tm:branch-failure:flow', failed =>
        nextContactFlow(self.tm, failed) > 0 ? relay(self.tm, failed, BY_URI, 0) : 1,
      )
      set.onBranchFailure(self.tm, msg, 'flow')
      return relay(self.tm, msg, BY_URI, 0)
    })
    proxy.receive(request('OPTIONS', 'bob'))
    expect(proxy.take().map(line => line.split(' ')[0])).toEqual(['10.0.0.13', '10.0.0.12'])
    proxy.answer('10.0.0.12', 430)
    expect(proxy.take()).toEqual([])
    proxy.answer('10.0.0.13', 430)
    expect(proxy.take()).toEqual(['10.0.0.11 OPTIONS sip:u@10.0.0.11'])
  })
})
