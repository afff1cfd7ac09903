/** A file of which parts can be read. */
export interface RangedFile {
  readonly size: number
  readonly type: string
  /** The bytes `[from, to)`. */
  readonly part: (from: number, to: number) => Promise<Blob>
}

/**
 * A file, or the range of it that is asked for (RFC 9110, 14): players ask for nothing else, and Safari plays nothing
 * without. `range`: the request's header; several ranges, other units and malformed ones mean the whole file.
 */
export async function rangeAnswer(
  { size, type, part }: RangedFile,
  range: string | null,
  etag: string,
): Promise<Response> {
  const headers = { 'content-type': type, 'accept-ranges': 'bytes', 'cache-control': 'no-store', etag }
  const [, first = '', last = ''] = /^bytes=(\d*)-(\d*)$/.exec(range ?? '') ?? []
  if (first === '' && last === '')
    return new Response(await part(0, size), { headers: { ...headers, 'content-length': String(size) } })
  const from = first === '' ? Math.max(0, size - Number(last)) : Number(first)
  const to = first === '' || last === '' ? size - 1 : Math.min(size - 1, Number(last))
  if (from > to)
    return new Response(null, { status: 416, headers: { ...headers, 'content-range': `bytes */${size}` } })
  return new Response(await part(from, to + 1), {
    status: 206,
    headers: {
      ...headers,
      'content-range': `bytes ${from}-${to}/${size}`,
      'content-length': String(to + 1 - from),
    },
  })
}
