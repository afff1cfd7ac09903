/** What the usual codes of Node and OpenSSL mean. */
const messagesByCode: Readonly<Record<string, string>> = {
  ENOTFOUND: 'there is no host of this name, or no network',
  EAI_AGAIN: 'the name of the host cannot be looked up, there may be no network',
  ENETUNREACH: 'there is no network',
  EHOSTUNREACH: 'the host is not in reach',
  ECONNREFUSED: 'nothing answers there',
  ECONNRESET: 'the connection breaks off',
  EPIPE: 'the connection breaks off',
  ETIMEDOUT: 'it does not answer in time',
  CERT_HAS_EXPIRED: 'its certificate has expired',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'its certificate is not trusted',
  SELF_SIGNED_CERT_IN_CHAIN: 'its certificate is not trusted',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: 'its certificate is not trusted',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'its certificate is not trusted',
  ERR_TLS_CERT_ALTNAME_INVALID: 'its certificate is for another host',
}

/** Why a connection failed, for people. */
export function connectionErrorMessage(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  const code = 'code' in error && typeof error.code === 'string' ? error.code : ''
  return messagesByCode[code] ?? error.message
}
