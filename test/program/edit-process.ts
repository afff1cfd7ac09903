import type { ChapterRow } from '../../src/storage/queries/chapter-queries.ts'
import { chaptersOf } from '../../src/storage/queries/chapter-queries.ts'
import { commitEdit, revertEdit } from '../../src/storage/queries/chapter-edit-queries.ts'
import { addSpeakingSums } from '../../src/storage/queries/speaking-rate-queries.ts'
import { stageChapters } from '../../src/storage/queries/rekey-queries.ts'
import { smallChapter } from '../fixtures/small-novel.ts'
import { openTestStorage } from './open-storage.ts'

/** Merges two chapters and takes that back, again and again, and says each commit, until it is killed. */
const [folder = '', novelId = ''] = process.argv.slice(2)
const db = await openTestStorage(folder)
const edited = ({ id, title, part, narrated }: ChapterRow) => ({ id, title, part, narrated: narrated === 1 })
const nothing = () => Promise.resolve()
const sums = { segments: 1, characters: 2, speechSeconds: 3, pacedSeconds: 3, busySeconds: 4 }
for (let round = 1; ; round++) {
  const [first, second] = await chaptersOf(db, novelId)
  if (first!.title === 'Merged') {
    const undone = await revertEdit(db, novelId, 'undo', nothing)
    if (typeof undone === 'string') throw new Error(undone)
    process.stdout.write('apart\n')
    continue
  }
  const text = smallChapter('Merged', ['One.', 'Two.', 'Three.', 'Four.'])
  const staged = await stageChapters(db, novelId, [text])
  process.stdout.write('staged\n')
  const done = await commitEdit(
    db,
    novelId,
    {
      kind: 'merge',
      shadowId: staged.shadowId,
      at: 1,
      before: [edited(first!), edited(second!)],
      after: [{ id: staged.chapterIds[0]!, title: 'Merged', part: null, narrated: true }],
      runs: [
        [0, 0, 0, 0, 2],
        [1, 0, 0, 2, 2],
      ],
    },
    nothing,
  )
  if (!done) throw new Error('the chapters changed')
  await addSpeakingSums(db, 'here', new Map([['odd:hum', sums]]))
  process.stdout.write('merged\n')
}
