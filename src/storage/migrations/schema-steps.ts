import { accessTokensSchema } from './access-tokens-schema.ts'
import { baselineClips } from './baseline-clips.ts'
import { baselineNovels } from './baseline-novels.ts'
import { baselineSpeech } from './baseline-speech.ts'
import { clipObjectsSchema } from './clip-objects-schema.ts'
import { claimsSchema } from './claims-schema.ts'
import { copyStateSchema } from './copy-state-schema.ts'
import { serversSchema } from './servers-schema.ts'
import { jobProgressSchema } from './job-progress-schema.ts'
import { editHeadingsSchema } from './edit-headings-schema.ts'
import { frontEndsSchema } from './front-ends-schema.ts'
import { generationIndexSchema } from './generation-index-schema.ts'
import { importsSchema } from './imports-schema.ts'
import { inboxSchema } from './inbox-schema.ts'
import { houseSettingsSchema } from './house-settings-schema.ts'
import { importLeaseSchema } from './import-lease-schema.ts'
import { listenersSchema } from './listeners-schema.ts'
import { castQuestionsSchema } from './cast-questions-schema.ts'
import { castsSchema } from './casts-schema.ts'
import { chapterEditsSchema } from './chapter-edits-schema.ts'
import { positionsSchema } from './positions-schema.ts'
import { speakingRatesSchema } from './speaking-rates-schema.ts'
import { webhooksSchema } from './webhooks-schema.ts'
import { trashSchema } from './trash-schema.ts'
import { bookmarksSchema } from './bookmarks-schema.ts'
import { listeningDaysSchema } from './listening-days-schema.ts'
import { keptNovelsSchema } from './kept-novels-schema.ts'
import { keptAheadSchema } from './kept-ahead-schema.ts'
import { keptSourcesSchema } from './kept-sources-schema.ts'
import { feedsByListenerSchema } from './feeds-by-listener-schema.ts'
import { fineNamesSchema } from './fine-names-schema.ts'
import { moreSharedModelsSchema } from './more-shared-models-schema.ts'
import { lexiconProgressSchema } from './lexicon-progress-schema.ts'
import { lexiconsSchema } from './lexicons-schema.ts'
import { queuePlacesSchema } from './queue-places-schema.ts'
import { unlistedPositionsSchema } from './unlisted-positions-schema.ts'
import { peopleSchema } from './people-schema.ts'
import { removalsSchema } from './removals-schema.ts'
import { sharedModelsSchema } from './shared-models-schema.ts'
import { opdsSourcesSchema } from './opds-sources-schema.ts'
import { novelVersionsSchema } from './novel-versions-schema.ts'
import { spotTakesSchema } from './spot-takes-schema.ts'
import { spotsSchema } from './spots-schema.ts'
import type { SchemaStep } from './schema-words.ts'

export interface SchemaVersion {
  /** The version of `nightjar.db` that has the same schema. */
  readonly version: number
  readonly name: string
  readonly step: SchemaStep
}

/**
 * The schema as Postgres is given it: a baseline, which `nightjar.db` and `clips.db` reach by their own migrations, and
 * what came later. SQLite runs those above version 13 too, so a new one is written here alone.
 */
export const schemaVersions: readonly SchemaVersion[] = [
  {
    version: 12,
    name: 'baseline',
    step: (words) => [...baselineNovels(words), ...baselineSpeech(words), ...baselineClips(words)],
  },
  { version: 13, name: 'access-tokens', step: accessTokensSchema },
  { version: 14, name: 'claims', step: claimsSchema },
  { version: 15, name: 'copy-state', step: copyStateSchema },
  { version: 16, name: 'servers', step: serversSchema },
  { version: 17, name: 'job-progress', step: jobProgressSchema },
  { version: 18, name: 'clip-objects', step: clipObjectsSchema },
  { version: 19, name: 'import-lease', step: importLeaseSchema },
  { version: 20, name: 'listeners', step: listenersSchema },
  { version: 21, name: 'speaking-rates', step: speakingRatesSchema },
  { version: 22, name: 'webhooks', step: webhooksSchema },
  { version: 23, name: 'generation-index', step: generationIndexSchema },
  { version: 24, name: 'chapter-edits', step: chapterEditsSchema },
  { version: 25, name: 'trash', step: trashSchema },
  { version: 26, name: 'positions', step: positionsSchema },
  { version: 27, name: 'listening-days', step: listeningDaysSchema },
  { version: 28, name: 'bookmarks', step: bookmarksSchema },
  { version: 29, name: 'queue-places', step: queuePlacesSchema },
  { version: 30, name: 'edit-headings', step: editHeadingsSchema },
  { version: 31, name: 'casts', step: castsSchema },
  { version: 32, name: 'unlisted-positions', step: unlistedPositionsSchema },
  { version: 33, name: 'removals', step: removalsSchema },
  { version: 34, name: 'shared-models', step: sharedModelsSchema },
  { version: 35, name: 'kept-ahead', step: keptAheadSchema },
  { version: 36, name: 'spots', step: spotsSchema },
  { version: 37, name: 'lexicons', step: lexiconsSchema },
  { version: 38, name: 'fine-names', step: fineNamesSchema },
  { version: 39, name: 'more-shared-models', step: moreSharedModelsSchema },
  { version: 40, name: 'cast-questions', step: castQuestionsSchema },
  { version: 41, name: 'lexicon-progress', step: lexiconProgressSchema },
  { version: 42, name: 'spot-takes', step: spotTakesSchema },
  { version: 43, name: 'front-ends', step: frontEndsSchema },
  { version: 44, name: 'people', step: peopleSchema },
  { version: 45, name: 'inbox', step: inboxSchema },
  { version: 46, name: 'novel-versions', step: novelVersionsSchema },
  { version: 47, name: 'opds-sources', step: opdsSourcesSchema },
  { version: 48, name: 'house-settings', step: houseSettingsSchema },
  { version: 49, name: 'kept-novels', step: keptNovelsSchema },
  { version: 50, name: 'imports', step: importsSchema },
  { version: 51, name: 'kept-sources', step: keptSourcesSchema },
  { version: 52, name: 'feeds-by-listener', step: feedsByListenerSchema },
]
