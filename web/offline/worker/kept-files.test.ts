import 'fake-indexeddb/auto'
import { expect, test, vi } from 'vitest'
import { imageTag, openOffline, pieceBytes } from '../offline-database.ts'
import { storable } from '../stored-file.ts'
import { KeptFiles } from './kept-files.ts'

/** Bytes that tell where they stood. */
function sound(size: number): Uint8Array<ArrayBuffer> {
  return Uint8Array.from({ length: size }, (_, at) => (at * 7 + (at >> 8)) & 0xff)
}

test('a kept chapter is answered by ranges across its pieces, those of earlier versions too, with its images', async () => {
  const db = await openOffline('')
  const bytes = sound(2 * pieceBytes + 1000)
  for (let index = 0; index * pieceBytes < bytes.length; index++) {
    const piece = new Blob([bytes.slice(index * pieceBytes, (index + 1) * pieceBytes)])
    await db.put('pieces', index === 1 ? piece : await storable(piece), ['one', 3, '"tag"', index])
  }
  await db.put('pieces', await storable(new Blob(['<svg/>'], { type: 'image/svg+xml' })), [
    'one',
    3,
    imageTag('a.svg'),
    0,
  ])
  const files = new KeptFiles('')
  const ask = async (path: string, range?: string) => {
    const headers = new Headers(range === undefined ? {} : { range })
    return files.answer(new Request(`http://localhost${path}`, { headers }))!
  }
  const audio = '/api/novels/one/chapters/3/audio.m4a?voice=v&speed=1&kept=%22tag%22'
  for (const [from, to] of [
    [0, 1],
    [pieceBytes - 10, pieceBytes + 10],
    [pieceBytes, 2 * pieceBytes - 1],
    [5, bytes.length - 1],
    [bytes.length - 1, bytes.length - 1],
  ] as const) {
    const answer = await ask(audio, `bytes=${from}-${to}`)
    expect(answer.status).toBe(206)
    expect(answer.headers.get('content-range')).toBe(`bytes ${from}-${to}/${bytes.length}`)
    expect(Buffer.from(await answer.arrayBuffer()).equals(bytes.subarray(from, to + 1))).toBe(true)
  }
  expect(Buffer.from(await (await ask(audio)).arrayBuffer()).equals(bytes)).toBe(true)
  vi.stubGlobal('fetch', () => Promise.reject(new TypeError('away')))
  const image = await ask('/api/novels/one/chapters/3/images/a.svg')
  expect(image.headers.get('content-type')).toBe('image/svg+xml')
  expect(await image.text()).toBe('<svg/>')
  await expect(ask('/api/novels/one/chapters/3/images/b.svg')).rejects.toThrow('away')
  vi.unstubAllGlobals()
  db.close()
})
