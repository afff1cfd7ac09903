import { expect, test } from 'vitest'
import type { BookImage } from '../../novel/book-layout.ts'
import type { Skip } from '../../novel/novel.ts'
import { jpegCover } from '../../../test/fixtures/cover.ts'
import { buildEpub } from '../../../test/fixtures/epub.ts'
import { importBytes, shown } from '../../../test/fixtures/import-bytes.ts'
import { noisyPng } from '../../../test/fixtures/noisy-png.ts'

type Files = Readonly<Record<string, string | Uint8Array>>

async function skipsOf(body: string, files: Files): Promise<readonly Skip[]> {
  const pages = [{ name: 'text/one.xhtml', body }]
  const novel = await importBytes(await buildEpub({ pages, files }), 'a.epub')
  return novel.chapters.flatMap(({ skips }) => skips.filter(({ reason }) => reason === 'image'))
}

const imagesOf = async (body: string, files: Files): Promise<(BookImage | undefined)[]> =>
  (await skipsOf(body, files)).map(({ image }) => image)

/** The first bytes of a PNG that says it has this size. */
function claimingPng(width: number, height: number): Buffer {
  const png = noisyPng(1, 1)
  png.writeUInt32BE(width, 16)
  png.writeUInt32BE(height, 20)
  return png
}

const svg = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 40 20"><path d="M0 0h40v20H0z"/></svg>'

test('images are known by what they are, stand where they stood, and say what they said', async () => {
  const body = `<h1><img src="../head.png" alt="Chapter One"/></h1><p>A map<img src="../map.jpg" alt="The map"/> hung there.</p>
    <div><img src="../photo.png" alt="A photo"/></div><p>End.</p><svg><image xlink:href="../drawn.svg"/></svg>`
  const files = {
    'OEBPS/map.jpg': jpegCover,
    'OEBPS/photo.png': noisyPng(30, 20),
    'OEBPS/head.png': noisyPng(10, 5),
    'OEBPS/drawn.svg': svg,
  }
  const pages = [{ name: 'text/one.xhtml', body }]
  const [chapter] = (await importBytes(await buildEpub({ pages, files }), 'a.epub')).chapters
  expect(shown(chapter!)).toEqual(['heading: Chapter One', 'paragraph: A map hung there.', 'paragraph: End.'])
  const images = chapter!.skips.filter(({ reason }) => reason === 'image')
  expect(
    images.map(({ block, start, text, image }) => [block, start, text, image?.width, image?.height]),
  ).toEqual([
    [0, 11, undefined, 10, 5],
    [1, 5, 'The map', 48, 64],
    [2, 0, 'A photo', 30, 20],
    [2, 4, undefined, 40, 20],
  ])
  expect(images.map(({ image }) => image?.name.split('.')[1])).toEqual(['png', 'jpg', 'png', 'svg'])
})

test('what is no image, too large, missing or elsewhere is not shown, and its words are kept', async () => {
  const names = [
    'page.png',
    'wide.png',
    'many.png',
    'empty.png',
    'cut.png',
    'missing.png',
    'entities.svg',
    '../../../../etc/passwd',
    'http://example.org/a.png',
    '//example.org/a.png',
    'data:image/png;base64,iVBORw0KGgo=',
    'file:///etc/passwd',
  ]
  const body = `<p>Text.</p>${names.map((name) => `<p><img src="${name}" alt="${name}"/></p>`).join('')}<p>End.</p>`
  const skips = await skipsOf(body, {
    'OEBPS/text/page.png': '<html><body>not an image</body></html>',
    'OEBPS/text/wide.png': claimingPng(50_000, 10),
    'OEBPS/text/many.png': claimingPng(15_000, 15_000),
    'OEBPS/text/empty.png': '',
    'OEBPS/text/cut.png': noisyPng(4, 4).subarray(0, 12),
    'OEBPS/text/entities.svg': `<!DOCTYPE svg [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]>${svg}`,
    'etc/passwd': 'root',
  })
  expect(skips.map(({ text, image }) => [text, image])).toEqual(names.map((name) => [name, undefined]))
})

test('which images are not shown is remarked, by why', async () => {
  const names = [
    'gone.png',
    'wide.png',
    'page.png',
    'cut.png',
    'a.tif',
    'entities.svg',
    'fine.png',
    'gone.png',
  ]
  const body = `<p>Text.</p>${names.map((name) => `<p><img src="${name}"/></p>`).join('')}`
  const files = {
    'OEBPS/text/wide.png': claimingPng(50_000, 10),
    'OEBPS/text/page.png': '<html><body>not an image</body></html>',
    'OEBPS/text/cut.png': noisyPng(4, 4).subarray(0, 12),
    'OEBPS/text/a.tif': 'II*\u0000',
    'OEBPS/text/entities.svg': `<!DOCTYPE svg [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]>${svg}`,
    'OEBPS/text/fine.png': noisyPng(4, 4),
  }
  const pages = [{ name: 'text/one.xhtml', body }]
  const { report } = await importBytes(await buildEpub({ pages, files }), 'a.epub')
  expect(report.remarks.filter((remark) => remark.startsWith('Images'))).toEqual([
    'Images that are not in the file were left out (1): gone.png',
    'Images that are too large were left out (1): wide.png',
    'Images that are damaged, or of a kind that browsers do not show, were left out (4): page.png, cut.png, a.tif …',
  ])
})

test('a file that unpacks to gigabytes, or an image beyond the limit, costs nothing', async () => {
  const huge = Buffer.concat([noisyPng(4, 4), Buffer.alloc(30 * 1024 * 1024)])
  expect(await imagesOf('<p>Text.<img src="huge.png"/></p>', { 'OEBPS/text/huge.png': huge })).toEqual([
    undefined,
  ])
  const vast = Buffer.from(svg.replace('</svg>', ' '.repeat(3 * 1024 * 1024) + '</svg>'))
  expect(await imagesOf('<p>Text.<img src="vast.svg"/></p>', { 'OEBPS/text/vast.svg': vast })).toEqual([
    undefined,
  ])
})

test('of too many images three thousand are shown, one that is shown often is read once', async () => {
  const png = noisyPng(2, 2)
  const count = 3_200
  const names = Array.from({ length: count }, (_, at) => `${at}.png`)
  const files = Object.fromEntries(names.map((name) => [`OEBPS/text/${name}`, png]))
  const images = await imagesOf(
    `<p>Text.</p>${names.map((name) => `<img src="${name}"/>`).join('')}<img src="0.png"/>`,
    files,
  )
  expect(images).toHaveLength(count + 1)
  expect(images.filter((image) => image !== undefined)).toHaveLength(3_001)
  expect(images.at(-1)).toEqual(images[0])
})

test('the cover, which the novel has already, does not stand before its first chapter again', async () => {
  const pages = [
    { name: 'cover.xhtml', body: '<img src="cover.jpg" alt="Cover"/>' },
    { name: 'one.xhtml', body: '<h1>One</h1><p>Text.<img src="map.png" alt="Map"/></p>' },
  ]
  const manifest = '<item id="c" href="cover.jpg" media-type="image/jpeg" properties="cover-image"/>'
  const files = { 'OEBPS/cover.jpg': jpegCover, 'OEBPS/map.png': noisyPng(3, 3) }
  const { chapters, cover } = await importBytes(await buildEpub({ pages, manifest, files }), 'a.epub')
  expect(cover?.mediaType).toBe('image/jpeg')
  expect(chapters[0]!.skips.map(({ text, image }) => [text, image?.width])).toEqual([
    ['Cover', undefined],
    ['Map', 3],
  ])
})
