import { applyCast } from '../../src/jobs/cast/apply-cast.ts'
import { saveWantedCast } from '../../src/jobs/cast/cast-commands.ts'
import { castOf } from '../../src/storage/queries/cast-queries.ts'
import { startApplication } from './in-process-application.ts'

/** Gives two characters a voice and takes it back, again and again, and says each commit, until it is killed. */
const [data = '', novelId = ''] = process.argv.slice(2)
const { application } = await startApplication({ data, work: false })
for (let round = 0; ; round++) {
  const { cast, state } = await castOf(application.db, novelId)
  // Both have the narrator's voice as their own: cut, and one casting all the same.
  const characters = cast.characters.map(({ voice, ...one }) =>
    voice === undefined ? { ...one, voice: 'odd:hum' } : one,
  )
  await saveWantedCast(application, novelId, { version: state.version, characters })
  const { state: saved } = await castOf(application.db, novelId)
  process.stdout.write('saved\n')
  await applyCast(application, novelId, saved.version)
  process.stdout.write('applied\n')
}
