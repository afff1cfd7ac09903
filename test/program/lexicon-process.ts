import { changeLexicon } from '../../src/jobs/lexicon/lexicon-commands.ts'
import { saveFineNames } from '../../src/storage/queries/fine-name-queries.ts'
import { startApplication } from './in-process-application.ts'

/** Says a word in another way each time, and finds a name to be fine, and says when that is kept, until it is killed. */
const [data = '', novelId = ''] = process.argv.slice(2)
const { application } = await startApplication({ data, work: false })
using _ = application.eventBus.subscribe((event) => {
  if (event.kind === 'novel') process.stdout.write('told\n')
})
for (let round = 0; ; round++) {
  const entry = { written: 'Zorphane', words: `Zed ${round}`, caseSensitive: false, stem: true }
  await changeLexicon(application, novelId, { scope: 'all', put: [entry], remove: [] })
  process.stdout.write(`kept ${round}\n`)
  await saveFineNames(application.db, novelId, [`Name${round}`], true)
  process.stdout.write(`fine ${round}\n`)
  await new Promise((resolve) => setTimeout(resolve, 20))
}
