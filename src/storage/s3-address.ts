/** A bucket, and perhaps a folder in it. */
export interface S3Address {
  /** Scheme, host and port. */
  readonly endpoint: string
  readonly bucket: string
  /** Before every key: empty, or ending in a slash. */
  readonly prefix: string
  readonly region: string
  /** For messages: without query. */
  readonly name: string
}

/**
 * Parses `s3://BUCKET[/FOLDER]?endpoint=https://…[&region=…]`. Without an endpoint it is Amazon's of the region. Throws a
 * `RangeError` that says what is wrong.
 */
export function s3Address(setting: string): S3Address {
  const url = URL.parse(setting)
  if (url?.protocol !== 's3:') throw new RangeError('an address such as s3://BUCKET?endpoint=https://HOST')
  if (url.username !== '' || url.password !== '' || url.port !== '' || url.hash !== '') {
    throw new RangeError('keys belong into AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, not into the address')
  }
  if (!/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/.test(url.hostname)) {
    throw new RangeError('the name of a bucket has 3 to 63 small letters, digits, dots and hyphens')
  }
  const unknown = [...url.searchParams.keys()].find((name) => name !== 'endpoint' && name !== 'region')
  if (unknown !== undefined) throw new RangeError(`${unknown} is none of endpoint and region`)
  const region = url.searchParams.get('region') ?? 'us-east-1'
  if (!/^[\w-]{1,40}$/.test(region)) throw new RangeError('a region such as eu-central-1')
  const endpoint = URL.parse(url.searchParams.get('endpoint') ?? `https://s3.${region}.amazonaws.com`)
  const isEndpoint =
    endpoint !== null &&
    (endpoint.protocol === 'https:' || endpoint.protocol === 'http:') &&
    endpoint.pathname === '/' &&
    `${endpoint.username}${endpoint.password}${endpoint.search}${endpoint.hash}` === ''
  if (!isEndpoint) throw new RangeError('an endpoint such as https://HOST:PORT, without path')
  const folder = url.pathname.replace(/^\/|\/$/g, '')
  if (!/^(?:[\w.-]+(?:\/[\w.-]+)*)?$/.test(folder) || /(?:^|\/)\.{1,2}(?:\/|$)/.test(folder)) {
    throw new RangeError('a folder of the bucket has letters, digits, dots and hyphens')
  }
  return {
    endpoint: endpoint.origin,
    bucket: url.hostname,
    prefix: folder === '' ? '' : `${folder}/`,
    region,
    name: `s3://${url.hostname}${folder === '' ? '' : `/${folder}`} at ${endpoint.host}`,
  }
}
