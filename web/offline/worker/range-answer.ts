/**
 * A file, or the range of it that is asked for (RFC 9110, 14): players ask for nothing else, and Safari plays nothing
 * without. `range`: the request's header; several ranges, other units and malformed ones mean the whole file.
 */
export function rangeAnswer(file: Blob, range: string | null, etag: string): Response {
  const headers = { 'content-type': file.type, 'accept-ranges': 'bytes', 'cache-control': 'no-store', etag }
  const [, first = '', last = ''] = /^bytes=(\d*)-(\d*)$/.exec(range ?? '') ?? []
  if (first === '' && last === '')
    return new Response(file, { headers: { ...headers, 'content-length': String(file.size) } })
  const from = first === '' ? Math.max(0, file.size - Number(last)) : Number(first)
  const to = first === '' || last === '' ? file.size - 1 : Math.min(file.size - 1, Number(last))
  if (from > to)
    return new Response(null, {
      status: 416,
      headers: { ...headers, 'content-range': `bytes */${file.size}` },
    })
  return new Response(file.slice(from, to + 1, file.type), {
    status: 206,
    headers: {
      ...headers,
      'content-range': `bytes ${from}-${to}/${file.size}`,
      'content-length': String(to + 1 - from),
    },
  })
}
