import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { jpegCover } from './fixtures/cover.ts'
import { buildEpub } from './fixtures/epub.ts'
import { ffprobeMissing, type Probed, said } from './program/ffprobe.ts'
import { startApplication } from './program/in-process-application.ts'

// Checked with an independent FFmpeg, as audiobookshelf runs it.

/** The same book, remuxed by FFmpeg. */
async function writtenByFfmpeg(file: string): Promise<string> {
  const copy = `${file}.copy.m4b`
  const streams = ['-map', '0:a', '-map', '0:v', '-c', 'copy', '-disposition:v', 'attached_pic']
  expect(await said('ffmpeg', ['-v', 'error', '-i', file, ...streams, '-f', 'ipod', copy])).toMatchObject({
    err: '',
  })
  return copy
}

/** Without the addresses that tell its parts apart. */
function complaints(err: string): string[] {
  return err
    .replaceAll(/ @ 0x[0-9a-f]+/g, '')
    .split('\n')
    .filter((line) => line !== '')
}

test.skipIf(ffprobeMissing)(
  'ffprobe finds audio, chapters, cover and tags, with no more warnings than for its own files (needs ffprobe)',
  async () => {
    await using here = await startApplication()
    const { api } = here
    const titles = ['Dusk', 'Nacht — “still”', '夜']
    const pages = titles.map((title, at) => ({
      name: `${at}.xhtml`,
      body: `<h1>${title}</h1><p>${'The lamp was lit, and nobody saw it. '.repeat(2 + at)}</p>`,
    }))
    const book = await buildEpub({
      pages,
      nav: `<ol>${titles.map((title, at) => `<li><a href="${at}.xhtml">${title}</a></li>`).join('')}</ol>`,
      manifest: '<item id="cover" href="cover.jpg" media-type="image/jpeg" properties="cover-image"/>',
      // Without the end-of-image marker, as in some real books.
      files: { 'OEBPS/cover.jpg': jpegCover.subarray(0, -2) },
    })
    const { novel } = await api.add(book, 'lamp.epub')
    await api.finished(await api.generate(novel.id, undefined, { voice: 'odd:hum' }))
    const file = join(here.data, 'book.m4b')
    await writeFile(file, await (await api.fetch(`/api/novels/${novel.id}/book.m4b?voice=odd:hum`)).bytes())

    const show = ['-show_format', '-show_streams', '-show_chapters', '-of', 'json']
    const { out, err } = await said('ffprobe', ['-v', 'warning', ...show, file])
    const { err: ofTheirs } = await said('ffprobe', ['-v', 'warning', ...show, await writtenByFfmpeg(file)])
    const known = complaints(ofTheirs)
    expect(complaints(err)).toEqual(known)
    expect(err).not.toContain('EOI')
    const { format, streams, chapters } = JSON.parse(out) as Probed
    expect(streams.map(({ codec_name }) => codec_name)).toEqual(['aac', 'bin_data', 'mjpeg'])
    expect(format.tags).toMatchObject({ title: 'A Small Book', artist: 'Anna Bell', composer: 'Hum' })
    expect(chapters.map(({ tags }) => tags.title)).toEqual(titles)
    const ends = chapters.map(({ end }) => end)
    expect(chapters.map(({ start }) => start)).toEqual([0, ...ends.slice(0, -1)])
    expect(ends.at(-1)).toBe(streams[0]?.duration_ts)

    // Decodes everything, including the cover.
    const decoded = await said('ffmpeg', [
      '-v',
      'warning',
      '-i',
      file,
      '-map',
      '0:a',
      '-map',
      '0:v',
      '-f',
      'null',
      '-',
    ])
    expect(complaints(decoded.err).filter((line) => !known.includes(line))).toEqual([])
  },
)
