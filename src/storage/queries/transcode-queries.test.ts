import { expect, test } from 'vitest'
import { rewriteChapter } from '../../../test/fixtures/chapter-rewrite.ts'
import { emptyDatabase, insertSmallNovel, smallChapter } from '../../../test/fixtures/small-novel.ts'
import type { ChapterTranscode } from '../../novel/chapter-transcode.ts'
import { chaptersOf } from './chapter-queries.ts'
import { insertTranscodes, transcodesByKey } from './transcode-queries.ts'

test('a transcode that is asked for while its chapter is edited is left out, and the others are made', async () => {
  await using db = await emptyDatabase()
  const novelId = await insertSmallNovel(db, [['One.'], ['Two.']])
  const [one, two] = await chaptersOf(db, novelId)
  await rewriteChapter(db, one!, smallChapter('One', ['Three.', 'One.']))
  const key = (at: number) => String(at).repeat(32)
  const transcode = (chapterId: number): ChapterTranscode => ({
    key: key(chapterId),
    novelId,
    chapterId,
    form: 'mp3',
    casting: key(0),
    tags: {
      title: 'One',
      novelTitle: 'A small novel',
      author: 'Nobody',
      narrator: 'Hum',
      number: 1,
      of: 2,
      language: 'en',
    },
    frames: 10,
    status: 'pending',
    createdAt: new Date().toISOString(),
    askedAt: 0,
  })
  await insertTranscodes(db, [transcode(one!.id), transcode(two!.id)])
  const stored = await transcodesByKey(db, [key(one!.id), key(two!.id)])
  expect(stored.map(({ chapterId }) => chapterId)).toEqual([two!.id])
})
