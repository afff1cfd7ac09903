import { expect, test } from 'vitest'
import type { LexiconView } from '../src/http/contract/lexicon-contract.ts'
import type { NamesView } from '../src/http/contract/names-contract.ts'
import type { PlsReport } from '../src/http/contract/pls-contract.ts'
import { startApplication } from './program/in-process-application.ts'

// Names to check, and lexicons as files, through the API alone.

const story = new TextEncoder().encode(`Chapter 1

Then Mr. Bolkonsky came into the room, and Mr. Bolkonsky’s dog came after him.

It was late when Monsieur Robineaux spoke of London to Bolkonsky and the others.

The lamp was lit. Nobody saw that Bolkonsky had lit it, and the room was warm.
`)

const lexicon = (words: string): Blob =>
  new Blob([
    `<lexicon version="1.0" alphabet="ipa" xml:lang="en" xmlns="http://www.w3.org/2005/01/pronunciation-lexicon">${words}</lexicon>`,
  ])

test('names are found with what is known of how they are said, and one that is fine stays so', async () => {
  await using here = await startApplication()
  const { api } = here
  const { novel } = await api.add(story, 'story.txt')
  const names = async () => (await api.json<{ names: NamesView }>(`/api/novels/${novel.id}/names`)).names
  const found = await names()
  expect(found.unspaced).toBe(false)
  const named = (word: string) => found.names.find((name) => name.word === word)
  expect(named('Bolkonsky')).toMatchObject({
    count: 4,
    isName: true,
    forms: ['Mr. Bolkonsky', 'Mr. Bolkonsky’s'],
    first: { chapterNumber: 1 },
    sentence: 'Then Mr. Bolkonsky came into the room, and Mr. Bolkonsky’s dog came after him.',
    fine: false,
  })
  expect(named('Robineaux')?.proposal?.basis).toBe('fr')
  // What the dictionary has, and is said so, is surer.
  expect(named('London')!.doubt).toBeLessThan(named('Bolkonsky')!.doubt)
  expect(named('Then')).toBeUndefined()

  const mark = (fine: boolean) =>
    api.fetch(`/api/novels/${novel.id}/names/fine`, {
      method: 'PUT',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ words: ['Bolkonsky'], fine }),
    })
  for (const fine of [true, true, false]) {
    expect((await mark(fine)).status).toBe(204)
    expect((await names()).names.find(({ word }) => word === 'Bolkonsky')?.fine).toBe(fine)
  }
})

test.each([
  [
    'zh',
    '第一章\n\n单雄信笑道：“走吧。”行者道：“好。”他们都笑了。\n\n“我不去。”单雄信说。行者又道：“也好。”\n\n单雄信与行者去了重庆，他们道：“好。”他们说：“再见。”行者走了。\n',
    [
      ['单雄信', 3, 'dan1 xiong2 xin4', 'shan4 xiong2 xin4'],
      ['行者', 4, 'xing2 zhe3'],
    ],
  ],
  [
    'ja',
    '第一章\n\n山田さんは駅に着いた。お客さんは誰もいなかった。\n\n「山田さん」と神田先生が言った。お母さんが待っている。\n\n神田先生と山田さんは歩いた。山田はその神田の顔を見た。お客さんもお母さんも見た。\n',
    [
      ['山田', 4, 'ヤマダ'],
      ['神田', 3, 'カンダ'],
    ],
  ],
] as const)(
  'names of a book in %s are found without blanks, with their reading',
  async (language, text, expected) => {
    await using here = await startApplication({ work: false })
    const { novel } = await here.api.add(new TextEncoder().encode(text), 'story.txt')
    expect(novel.language.slice(0, 2)).toBe(language)
    const { names } = await here.api.json<{ names: NamesView }>(`/api/novels/${novel.id}/names`)
    expect(names.unspaced).toBe(false)
    const found = names.names.map(({ word, count, said, proposal }) => [
      word,
      count,
      said,
      ...(proposal ? [proposal.ipa] : []),
    ])
    expect(found).toHaveLength(expected.length)
    expect(found).toEqual(expect.arrayContaining(expected.map((one) => [...one])))
    for (const { sentence, word } of names.names) expect(sentence).toContain(word)
    expect(names.names[0]!.sentence).not.toContain('\n')
  },
)

test('a lexicon is taken from a file with a report, and given back as one', async () => {
  await using here = await startApplication()
  const { api } = here
  const { novel } = await api.add(story, 'story.txt')
  const path = `/api/novels/${novel.id}/lexicon`
  const send = (file: Blob, scope = 'novel') => {
    const body = new FormData()
    body.append('file', file, 'words.pls')
    return api.fetch(`${path}.pls?scope=${scope}`, { method: 'POST', body })
  }
  const taken = await send(
    lexicon(
      '<lexeme><grapheme>Bolkonsky</grapheme><phoneme>bɑlˈkɑnski</phoneme></lexeme>' +
        '<lexeme><grapheme>London</grapheme><phoneme alphabet="x-own">l</phoneme></lexeme>',
    ),
  )
  expect(await taken.json()).toEqual({
    success: true,
    taken: 1,
    refused: [{ written: 'London', reason: 'alphabet', detail: 'x-own' }],
    refusedCount: 1,
  } satisfies PlsReport)
  const view = (await api.json<{ lexicon: LexiconView }>(path)).lexicon
  expect(view.scopes[0]?.entries).toMatchObject([{ written: 'Bolkonsky', ipa: 'bɑlˈkɑnski' }])

  const given = await api.fetch(`${path}.pls`)
  expect(given.headers.get('content-type')).toBe('application/pls+xml')
  expect(await (await send(await given.blob(), 'all')).json()).toMatchObject({ taken: 1, refusedCount: 0 })

  expect((await send(new Blob(['<html/>']))).status).toBe(415)
  expect((await send(lexicon(''), 'series')).status).toBe(200)
})
