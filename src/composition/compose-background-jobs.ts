import { chatModel, type Settings } from '../config.ts'
import type { Application } from '../jobs/application.ts'
import { CastAnalysis } from '../jobs/cast/cast-analysis.ts'
import { CastQuestions } from '../jobs/cast/cast-questions.ts'
import type { EditContext } from '../jobs/import/edit-chapters.ts'
import { importOpdsBook } from '../jobs/opds/import-opds-book.ts'
import { OpdsFetches } from '../jobs/opds/opds-fetches.ts'
import { applyBookLexicon } from '../jobs/lexicon/apply-lexicon.ts'
import { LexiconUpdates } from '../jobs/lexicon/lexicon-updates.ts'
import { JobProgress } from '../jobs/job-progress.ts'
import { NovelDeletion } from '../jobs/maintenance/novel-deletion.ts'
import { TranscodeCache } from '../jobs/transcodes/transcode-cache.ts'
import { transcodeChapter } from '../jobs/transcodes/transcode-chapter.ts'
import { Transcoder } from '../jobs/transcodes/transcode-jobs.ts'
import { bytesToFetch } from '../jobs/voices/voice-offers.ts'
import { catalogueInstaller } from '../jobs/voices/voice-installation.ts'
import { VoiceInstaller } from '../jobs/voices/voice-installer.ts'
import type { ClipKey } from '../novel/clip.ts'
import type { CatalogueVoice } from '../novel/voice-catalogue.ts'
import { freeBytes, reserveBytes } from '../storage/local/disk-space.ts'
import { recordingKey } from '../storage/object-keys.ts'
import { sqlDialect } from '../storage/sql-dialect.ts'
import { readCatalogue } from '../storage/voices/voice-catalogue-table.ts'
import { discardDownload } from '../storage/voices/voice-model-files.ts'
import { voiceSource } from '../storage/voices/voice-source.ts'

interface BackgroundParts extends Pick<
  Application,
  | 'clips'
  | 'counts'
  | 'db'
  | 'diskSpace'
  | 'eventBus'
  | 'folder'
  | 'jobs'
  | 'lock'
  | 'log'
  | 'objects'
  | 'problems'
  | 'voices'
> {
  /** The voices that can be installed; the standard catalogue if left out. */
  readonly catalogue: readonly CatalogueVoice[] | undefined
  readonly hasUnknownNovels: () => boolean
  /** Processes that may transcode now. */
  readonly freeProcesses: () => number
  readonly discardClip: (key: ClipKey) => Promise<void>
  readonly onInstalled: () => Promise<void>
  /** Of the application, when it is whole. */
  readonly editContext: () => EditContext
  readonly importParts: () => Parameters<typeof importOpdsBook>[0]
}

type BackgroundJobs = Pick<
  Application,
  | 'castAnalysis'
  | 'castQuestions'
  | 'catalogue'
  | 'deletions'
  | 'installer'
  | 'lexicons'
  | 'opdsFetches'
  | 'transcodeCache'
  | 'transcoder'
  | 'voiceSource'
>

/** What is done in the background beside speaking, each of it by one server at a time. */
export async function composeBackgroundJobs(
  settings: Settings,
  closing: AsyncDisposableStack,
  parts: BackgroundParts,
): Promise<BackgroundJobs> {
  const { db, folder, objects, jobs, clips, counts, voices, eventBus, diskSpace, problems, lock, log } = parts
  const { shared } = sqlDialect(db)
  if (shared) {
    const { SharedWordList } = await import('../jobs/distributed/shared-word-list.ts')
    closing.use(await SharedWordList.start({ folder, objects, lock, eventBus, log }))
  }
  const deletions = new NovelDeletion({
    db,
    jobs,
    clips,
    counts,
    log,
    hasUnknownNovels: parts.hasUnknownNovels,
  })
  closing.defer(() => deletions.stop())
  const transcodeCache = new TranscodeCache({
    db,
    log,
    discard: (key) => objects.delete([recordingKey(key)]),
    limit: settings.NIGHTJAR_RECORDINGS_LIMIT * 1_000_000,
    graceMs: shared ? 600_000 : 0,
  })
  const transcoder = new Transcoder({
    db,
    jobs,
    progress: new JobProgress('transcode', { db, log, shared }),
    log,
    cache: transcodeCache,
    transcodeChapter: transcodeChapter(db, clips, { objects, folder }),
    sizeOf: async (key) => (await objects.head(recordingKey(key)))?.bytes,
    discardClip: parts.discardClip,
    concurrency: parts.freeProcesses,
    // `work: false` does not stop transcodes: they are started by a request.
    halted: () => diskSpace.blocked || problems.blocking !== undefined,
    hasSpace: async (bytes) => (await freeBytes(folder)) > bytes + reserveBytes,
  })
  const catalogue = parts.catalogue ?? (await readCatalogue())
  const source = voiceSource(settings.NIGHTJAR_VOICE_SOURCE)
  const installer = new VoiceInstaller({
    db,
    jobs,
    progress: new JobProgress('install-voice', { db, log, shared }),
    catalogue,
    eventBus,
    log,
    installVoice: catalogueInstaller({ db, folder, objects, voices }, source, parts.onInstalled),
    discard: (installId) => discardDownload(folder, installId),
    isInstalled: (id) => voices.installed(id) !== undefined,
    bytesOf: (voice, weights) => bytesToFetch(voices, voice, weights),
  })
  closing.defer(() => installer.stop())
  const castAnalysis = new CastAnalysis({ db, jobs, eventBus, log })
  closing.defer(() => castAnalysis.stop())
  const castQuestions = new CastQuestions({ db, jobs, eventBus, log }, chatModel(settings))
  closing.defer(() => castQuestions.stop())
  const lexicons = new LexiconUpdates({
    db,
    jobs,
    eventBus,
    log,
    apply: (novelId, token, signal) => applyBookLexicon(parts.editContext(), novelId, token, signal),
  })
  closing.defer(() => lexicons.stop())
  const opdsFetches = new OpdsFetches({
    db,
    jobs,
    progress: new JobProgress('fetch-book', { db, log, shared }),
    log,
    importBook: (asked, report, signal) => {
      const uploadLimit = settings.NIGHTJAR_UPLOAD_LIMIT * 1024 * 1024
      return importOpdsBook(parts.importParts(), asked, { uploadLimit, report, signal })
    },
  })
  closing.defer(() => opdsFetches.stop())
  return {
    castAnalysis,
    castQuestions,
    catalogue,
    deletions,
    installer,
    lexicons,
    opdsFetches,
    transcodeCache,
    transcoder,
    voiceSource: source,
  }
}
