// A TLS profile about which nothing was said.
import type { ProfileSettings } from '../../server/modules/tls/profile.ts'

export const NO_PROFILE: ProfileSettings = {
  ...{ method: 'TLSv1.2+', verify_certificate: false, verify_depth: 9 },
  ...{ require_certificate: false, verify_client: 'off', private_key: '', certificate: '' },
  ...{ ca_list: '', ca_path: '', crl: '', cipher_list: '' },
  ...{ server_name: '', server_name_mode: 0, server_id: '' },
}
