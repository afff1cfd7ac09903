import { chaptersOf } from '../../src/storage/queries/chapter-queries.ts'
import { deleteNovel } from '../../src/storage/queries/deletion-queries.ts'
import { commitRekey, stageRekey } from '../../src/storage/queries/rekey-queries.ts'
import { openDatabase } from '../../src/storage/sqlite/sqlite-database.ts'
import { smallChapter } from '../fixtures/small-novel.ts'

/** Re-keys a novel again and again, and says each round when it is staged and when it is committed, until it is killed. */
const [folder = '', nightjar = '', clips = '', novelId = '', first = '1'] = process.argv.slice(2)
const { db } = openDatabase({ folder, nightjar, clips })
for (let round = Number(first); ; round++) {
  const old = await chaptersOf(db, novelId)
  async function* groups() {
    for (const chapter of old) {
      const texts = Array.from({ length: 40 }, (_, at) => `Sentence ${at} of round ${round}.`)
      const roles = texts.map((_, at) => (at + round) % 3)
      yield [{ old: chapter, text: smallChapter(`Round ${round}`, texts, roles) }]
    }
  }
  const staged = await stageRekey(db, novelId, groups())
  if (!staged) throw new Error('nothing was staged')
  process.stdout.write(`staged ${round}\n`)
  if (!(await commitRekey(db, novelId, staged))) throw new Error('the chapters changed')
  process.stdout.write(`committed ${round}\n`)
  await deleteNovel(db, staged.shadowId)
}
