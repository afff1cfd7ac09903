import { afterAll, expect, test } from 'vitest'
import { searchResult, type SearchResult } from '../src/http/contract/search-contract.ts'
import { ChapterTexts } from '../src/playback/search/chapter-texts.ts'
import { searchNovel } from '../src/playback/search/novel-search.ts'
import { startApplication } from './program/in-process-application.ts'

const here = await startApplication()
afterAll(() => here[Symbol.asyncDispose]())
const { api, application } = here
const bytes = (text: string) => new TextEncoder().encode(text)

const { novel } = await api.add(
  bytes(
    [
      'Chapter 1: The Lamp',
      '“Don’t!” cried Zoë. The café was dark, and Zoë’s lamp was out.',
      'Nobody came to the cafe.',
      'Chapter 2: The River',
      'Zoe went down to the river. Anh đi về nhà.',
    ].join('\n\n'),
  ),
  'searched.txt',
)

async function search(query: string, more = ''): Promise<SearchResult> {
  const answer = await api.fetch(`/api/novels/${novel.id}/search?q=${encodeURIComponent(query)}${more}`)
  expect(answer.status).toBe(200)
  return searchResult.parse(await answer.json())
}

const marked = ({ hits }: SearchResult) =>
  hits.map(({ snippet }) => snippet.text.slice(snippet.start, snippet.end))

test('hits come in reading order with chapter, segment, and the words around them', async () => {
  const result = await search('zoe')
  expect(result).toMatchObject({ count: 3, complete: true })
  expect(marked(result)).toEqual(['Zoë', 'Zoë', 'Zoe'])
  expect(result.hits.map(({ chapterNumber }) => chapterNumber)).toEqual([1, 1, 2])
  expect(result.hits[2]).toMatchObject({ chapterTitle: expect.stringContaining('The River') })

  const answer = await api.fetch(`/api/novels/${novel.id}/chapters/1`)
  const { chapter } = (await answer.json()) as {
    chapter: { segments: { block: number; start: number; end: number }[] }
  }
  for (const { segment, block, start } of result.hits.slice(0, 2)) {
    const at = chapter.segments[segment!]!
    expect(at.block).toBe(block)
    expect(at.start <= start && start < at.end).toBe(true)
  }
})

test('case, accents, quotes and đ make no difference', async () => {
  expect(marked(await search('CAFÉ'))).toEqual(['café', 'cafe'])
  expect(marked(await search(`"don't!"`))).toEqual(['“Don’t!”'])
  expect(marked(await search('anh di ve'))).toEqual(['Anh đi về'])
})

test('they come by pages, each with the count of all', async () => {
  const first = await search('zoe', '&limit=2')
  const second = await search('zoe', '&limit=2&offset=2')
  expect([first.count, second.count]).toEqual([3, 3])
  expect([...marked(first), ...marked(second)]).toEqual(['Zoë', 'Zoë', 'Zoe'])
})

test('nothing found is an answer; an empty question and an unknown novel are refused', async () => {
  expect(await search('nowhere')).toMatchObject({ count: 0, complete: true, hits: [] })
  const ask = async (path: string) => (await api.fetch(path)).status
  expect(await ask(`/api/novels/${novel.id}/search?q=%20`)).toBe(400)
  expect(await ask(`/api/novels/${novel.id}/search`)).toBe(400)
  expect(await ask('/api/novels/01990000-0000-7000-8000-000000000000/search?q=a')).toBe(404)
})

test('a search that nobody waits for, or that takes too long, ends', async () => {
  const { db } = application
  const options = { offset: 0, limit: 10, texts: new ChapterTexts() }
  const gone = await searchNovel(db, novel.id, 'zoe', { ...options, signal: AbortSignal.abort() })
  expect(gone.complete).toBe(false)
  const late = await searchNovel(db, novel.id, 'zoe', {
    ...options,
    signal: new AbortController().signal,
    longest: 0,
  })
  expect(late).toMatchObject({ complete: false, count: 0 })
})

test('a long novel is searched in slices', async () => {
  const sentence = 'The ferryman counted the coins by the light of the lamp, and đường về was long. '
  const text = Array.from({ length: 40 }, (_, at) => `Chapter ${at + 1}\n\n${sentence.repeat(600)}`)
  const long = await api.add(bytes(text.join('\n\n')), 'long.txt')
  let turns = 0
  let goOn = true
  const turn = (): void => {
    turns++
    if (goOn) setImmediate(turn)
  }
  turn()
  const { count } = await searchNovel(application.db, long.novel.id, 'duong', {
    offset: 0,
    limit: 5,
    texts: new ChapterTexts(),
    signal: new AbortController().signal,
  })
  goOn = false
  expect(count).toBe(40 * 600)
  expect(turns).toBeGreaterThan(2)
})
