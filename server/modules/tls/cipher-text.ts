/**
 * `$tls_description`: a cipher suite as OpenSSL describes it, worked out of its name and version
 * because the runtime does not hand the description over.
 */

/** Bits of the key of the cipher. */
export function cipherBits(name: string): number {
  if (name.includes('CHACHA20')) return 256
  if (name.includes('3DES') || name.includes('DES-CBC3')) return 168
  return Number(/(?:AES_?|CAMELLIA|ARIA)(\d{3})/.exec(name)?.[1] ?? 0)
}

export function cipherDescription(name: string, version: string): string {
  const modern = name.startsWith('TLS_')
  const fields = [
    name.padEnd(30),
    version.padEnd(7),
    `Kx=${(modern ? 'any' : keyExchange(name)).padEnd(8)}`,
    `Au=${(modern ? 'any' : authentication(name)).padEnd(5)}`,
    `Enc=${encryption(name).padEnd(22)}`,
    `Mac=${mac(name)}`,
  ]
  return `${fields.join(' ')}\n`
}

function keyExchange(name: string): string {
  if (name.startsWith('ECDHE')) return 'ECDH'
  if (name.startsWith('DHE')) return 'DH'
  return 'RSA'
}

function authentication(name: string): string {
  if (name.includes('ECDSA')) return 'ECDSA'
  if (name.includes('DSS')) return 'DSS'
  return 'RSA'
}

function encryption(name: string): string {
  const bits = cipherBits(name)
  if (name.includes('CHACHA20')) return 'CHACHA20/POLY1305(256)'
  if (name.includes('ARIA')) return `ARIAGCM(${bits})`
  if (name.includes('CAMELLIA')) return `Camellia(${bits})`
  if (name.includes('CCM_8') || name.includes('CCM8')) return `AESCCM8(${bits})`
  if (name.includes('CCM')) return `AESCCM(${bits})`
  if (name.includes('GCM')) return `AESGCM(${bits})`
  return `AES(${bits})`
}

function mac(name: string): string {
  if (/GCM|CCM|POLY1305/.test(name)) return 'AEAD'
  if (name.endsWith('SHA384')) return 'SHA384'
  if (name.endsWith('SHA256')) return 'SHA256'
  return 'SHA1'
}
