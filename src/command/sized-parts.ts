import { join, parse } from 'node:path'
import type { FailureAnswer } from '../http/contract.ts'
import { withQuery } from '../http/with-query.ts'
import { partName } from '../novel/file-name.ts'
import { type ApiClient, ApiError } from './client.ts'

/** A file to be fetched, and where it shall be. */
export interface PartDownload {
  readonly address: string
  readonly target: string
}

/**
 * The files that an address gives part by part: `Book (1 of 3).m4b` beside where `Book.m4b` would be, or just that if it
 * is only one. All of them are of the chapters that are ready now. Throws `Refused` with what the server says.
 */
export async function listParts(client: ApiClient, address: string, target: string): Promise<PartDownload[]> {
  const response = await client.fetch(withQuery(address, { part: '1' }), { headers: { range: 'bytes=0-0' } })
  if (!response.ok) throw new ApiError((await response.json()) as FailureAnswer)
  await response.body?.cancel()
  const [, link] = /<([^>]*)>; rel="last"/.exec(response.headers.get('link') ?? '') ?? []
  if (link === undefined) throw new Error('the server does not say how many parts there are')
  const last = new URL(link, client.address)
  const of = Number(last.searchParams.get('part'))
  const { dir, name, ext } = parse(target)
  return Array.from({ length: of }, (_, at) => {
    const number = at + 1
    last.searchParams.set('part', String(number))
    const file = of === 1 ? target : join(dir, `${partName(name, { number, of })}${ext}`)
    return { address: `${last.pathname}${last.search}`, target: file }
  })
}
