// The part of a browser's WebRTC that a call needs for its signalling: offers and answers as text,
// and no media. JsSIP asks for it by its global name.

const sdp = (version: number): string =>
  [
    'v=0',
    `o=- 1 ${version} IN IP4 127.0.0.1`,
    's=-',
    'c=IN IP4 127.0.0.1',
    't=0 0',
    'm=audio 9 RTP/AVP 0',
    'a=rtpmap:0 PCMU/8000',
    'a=sendrecv',
    '',
  ].join('\r\n')

type Description = { type: string; sdp: string }

class SessionDescription implements Description {
  readonly type: string
  readonly sdp: string
  constructor({ type, sdp }: Description) {
    this.type = type
    this.sdp = sdp
  }
}

class PeerConnection extends EventTarget {
  readonly iceGatheringState = 'complete'
  readonly iceConnectionState = 'connected'
  signalingState = 'stable'
  localDescription: Description | null = null
  remoteDescription: Description | null = null
  #version = 0

  createOffer(): Promise<Description> {
    return Promise.resolve({ type: 'offer', sdp: sdp(++this.#version) })
  }

  createAnswer(): Promise<Description> {
    if (this.remoteDescription?.type !== 'offer')
      return Promise.reject(new Error('no offer to answer'))
    return Promise.resolve({ type: 'answer', sdp: sdp(++this.#version) })
  }

  setLocalDescription(description: Description): Promise<void> {
    this.localDescription = description
    this.signalingState = description.type === 'offer' ? 'have-local-offer' : 'stable'
    return Promise.resolve()
  }

  setRemoteDescription(description: Description): Promise<void> {
    if (!description.sdp.startsWith('v=0')) return Promise.reject(new Error('no description'))
    this.remoteDescription = description
    this.signalingState = description.type === 'offer' ? 'have-remote-offer' : 'stable'
    return Promise.resolve()
  }

  addTrack(): void {}

  getSenders(): never[] {
    return []
  }

  close(): void {
    this.signalingState = 'closed'
  }
}

/** Makes this process enough of a browser for a call. */
export function becomeBrowser(): void {
  Object.assign(globalThis, {
    window: globalThis,
    RTCPeerConnection: PeerConnection,
    RTCSessionDescription: SessionDescription,
  })
}

/** What a phone without WebRTC offers and answers. */
export const AUDIO = sdp(1)
