import { availableParallelism } from 'node:os'
import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitest/config'
import { SlowestFirst } from './test/program/slowest-first.ts'
import { words } from './web/i18n/page-words.ts'

// As `bin/nightjar.js` does: tests start thousands of processes, and one that finds what was compiled costs half.
process.env.NODE_COMPILE_CACHE ??= fileURLToPath(new URL('node_modules/.cache/compiled', import.meta.url))

/**
 * What `npm run test:objects` runs on a Postgres with objects in an S3 server: the whole way of a book, crashes, faults, and
 * how what was spoken is read, exported and deleted.
 */
const withObjects = [
  'test/book-images.test.ts',
  'test/crash.test.ts',
  'test/end-to-end.test.ts',
  'test/m4b-export.test.ts',
  'test/novel-deletion.test.ts',
  'test/reliability-promises.test.ts',
  'test/set-aside-segments.test.ts',
  'test/several-voices.test.ts',
  'test/storage.test.ts',
]

/**
 * What `npm run test:many` runs on a Postgres instead of SQLite: everything that stores something, by the same tests.
 * What it leaves out is about the files of SQLite, or stores nothing.
 */
const many = {
  include: [
    'src/storage/queries/**/*.test.ts',
    'src/storage/clips/**/*.test.ts',
    'src/storage/sql-dialect.test.ts',
    'src/accounts/**/*.test.ts',
    'src/storage/postgres/**/*.test.ts',
    'src/jobs/**/*.test.ts',
    'test/*.test.ts',
    'test/long/two-servers.test.ts',
    'test/long/cast-crash.test.ts',
    'test/long/cast-exports-crash.test.ts',
    'test/long/cast-questions-crash.test.ts',
    'test/long/grown-crash.test.ts',
    'test/long/lexicon-crash.test.ts',
    'test/long/trash-crash.test.ts',
    'test/long/webhook-crash.test.ts',
  ],
  exclude: [
    // On a Postgres too, there.
    ...withObjects,
    // A data folder with its own database, its copies, its damage and its disk.
    'test/backup*.test.ts',
    'test/clip-salvage.test.ts',
    'test/data-folder.test.ts',
    'test/database-damage.test.ts',
    'test/lost-database.test.ts',
    'test/storage-failures.test.ts',
    'test/rekey-crash.test.ts',
    'test/upgrade.test.ts',
    // Nothing is stored, or no otherwise than by the tests of the same that are run.
    'src/jobs/in-process/**',
    'src/jobs/import/address/**',
    'test/address-import.test.ts',
    'test/api-behind-proxy.test.ts',
    'test/api-compression.test.ts',
    'test/api-contract.test.ts',
    'test/api-invalid-requests.test.ts',
    'test/api-request-cost.test.ts',
    'test/api-security.test.ts',
    'test/audiobookshelf-export.test.ts',
    'test/chapter-marks.test.ts',
    'test/cli.test.ts',
    'test/cover-images.test.ts',
    'test/embedded-scheduler.test.ts',
    'test/epub-export.test.ts',
    'test/hostile-imports.test.ts',
    'test/import-command.test.ts',
    'test/kokoro-voices.test.ts',
    'test/loaded-packages.test.ts',
    'test/m4b-parts.test.ts',
    'test/names.test.ts',
    'test/proxy-headers.test.ts',
    'test/subtitle-export.test.ts',
    'test/text-read-cost.test.ts',
    'test/token-commands.test.ts',
    'test/voice-download.test.ts',
    'test/voice-fetch.test.ts',
    'test/epub-export-process.test.ts',
    'test/m4b-ffprobe.test.ts',
    'test/speech-api.test.ts',
    'test/speech-faults.test.ts',
    'test/speech-servers.test.ts',
    'test/speech-worker-start.test.ts',
    'test/telemetry.test.ts',
    'test/architecture.test.ts',
    'test/character-coverage.test.ts',
    'test/dependencies.test.ts',
    'test/deploy-files.test.ts',
    'test/failure-words.test.ts',
    'test/first-answer.test.ts',
    'test/first-load.test.ts',
    'test/language-names.test.ts',
    'test/papers.test.ts',
    'test/pronunciation.test.ts',
    'test/sayings.test.ts',
    'test/spoken-text-cases.test.ts',
    'test/who-speaks.test.ts',
  ],
}

/** These need a Postgres, which the others do not. */
const onPostgresAlone = [
  'src/storage/postgres/**',
  'src/jobs/postgres/**',
  'src/jobs/distributed/**',
  'src/storage/queries/generation-at-once-queries.test.ts',
  'test/postgres.test.ts',
  'test/several-servers.test.ts',
  'test/forwarded-machines.test.ts',
  'test/forwarded-people.test.ts',
  'test/migrate.test.ts',
  'test/shared-inbox.test.ts',
  'test/shared-trash.test.ts',
  'test/lost-connections.test.ts',
  'test/lost-jobs.test.ts',
  'test/clip-groups.test.ts',
  'test/clip-objects.test.ts',
  'src/storage/clips/clip-packs.test.ts',
  'src/storage/clips/object-clip-store.test.ts',
]

/** Stories that take longest. `npm run test:long` runs them too, so that `npm test` stays below ten minutes. */
const longStories = [
  'src/importer/epub/epub-bounds.test.ts',
  'src/speech/worker/voice-validation.test.ts',
  'test/address-import.test.ts',
  'test/audiobookshelf-export.test.ts',
  'test/backup-folder.test.ts',
  'test/backup.test.ts',
  'test/cli.test.ts',
  'test/concurrent-imports.test.ts',
  'test/cover-images.test.ts',
  'test/crash.test.ts',
  'test/data-folder.test.ts',
  'test/database-damage.test.ts',
  'test/engine-version-change.test.ts',
  'test/epub-export-process.test.ts',
  'test/epub-export.test.ts',
  'test/grown-novels.test.ts',
  'test/hostile-imports.test.ts',
  'test/import-command.test.ts',
  'test/imports-crash.test.ts',
  'test/inbox-crash.test.ts',
  'test/inbox.test.ts',
  'test/kokoro-voices.test.ts',
  'test/listener-crash.test.ts',
  'test/lost-database.test.ts',
  'test/names.test.ts',
  'test/person-commands.test.ts',
  'test/shutdown.test.ts',
  'test/speech-faults.test.ts',
  'test/speech-servers.test.ts',
  'test/speech-worker-start.test.ts',
  'test/storage-failures.test.ts',
  'test/browser/accounts.test.ts',
  'test/browser/below-path.test.ts',
  'test/browser/book-content.test.ts',
  'test/browser/book-typography.test.ts',
  'test/browser/bookmarks.test.ts',
  'test/browser/cast.test.ts',
  'test/browser/catalogues.test.ts',
  'test/browser/chapters.test.ts',
  'test/browser/escape.test.ts',
  'test/browser/from-the-web.test.ts',
  'test/browser/generation.test.ts',
  'test/browser/headings.test.ts',
  'test/browser/imports.test.ts',
  'test/browser/keyboard.test.ts',
  'test/browser/languages.test.ts',
  'test/browser/layout-and-accessibility.test.ts',
  'test/browser/machines.test.ts',
  'test/browser/neural-voice-offer.test.ts',
  'test/browser/other-device.test.ts',
  'test/browser/play-unspoken-chapter.test.ts',
  'test/browser/provider-sign-in.test.ts',
  'test/browser/queue.test.ts',
  'test/browser/reading-settings.test.ts',
  'test/browser/restart.test.ts',
  'test/browser/review.test.ts',
  'test/browser/rooms.test.ts',
  'test/browser/search.test.ts',
  'test/browser/settings.test.ts',
  'test/browser/skipped-text.test.ts',
  'test/browser/speech-servers.test.ts',
  'test/browser/spots.test.ts',
  'test/browser/versions.test.ts',
  'test/browser/voice-install.test.ts',
  'test/browser/voices.test.ts',
  'test/browser/word-mark.test.ts',
  'test/browser/words.test.ts',
]

interface ProgramFiles {
  readonly include: readonly string[]
  readonly exclude: readonly string[]
  readonly isolate: boolean
}

/** Each file of these has a process of its own. */
const apart = ['test/browser/', 'test/long/']

interface Selection {
  readonly include: readonly string[]
  readonly exclude: readonly string[]
  /** Of these, what runs words of the page, which are written by macros: Vite transforms it. */
  readonly page?: readonly string[]
  readonly services?: readonly string[]
}

/** `npm test` leaves out `test/long/` and `longStories`, which `npm run test:long` runs alone. */
const usual: Selection = {
  include: ['src/**/*.test.ts', 'test/**/*.test.ts', 'test/browser/**/*.test.ts', 'bench/**/*.test.ts'],
  exclude: ['test/long/**', ...longStories, ...onPostgresAlone],
  page: [
    'web/**/*.test.ts',
    'test/failure-words.test.ts',
    'test/language-names.test.ts',
    'test/sayings.test.ts',
  ],
}

const selections: Readonly<Record<string, Selection>> = {
  many: { ...many, services: ['test/program/storage-services.ts'] },
  objects: {
    include: withObjects,
    exclude: [],
    services: ['test/program/storage-services.ts', 'test/program/object-services.ts'],
  },
  long: {
    include: ['test/long/**/*.test.ts', ...longStories],
    exclude: ['test/long/two-servers.test.ts'],
    page: ['test/long/exports.test.ts'],
  },
}

export default defineConfig(({ mode }) => {
  const { include, exclude, page = [], services = [] } = selections[mode] ?? usual
  const ofProgram = (name: string, files: ProgramFiles) => ({
    extends: true as const,
    test: {
      name,
      isolate: files.isolate,
      include: [...files.include],
      exclude: [...exclude, ...page, ...files.exclude],
      // As the program runs: what Node has compiled of it is kept, and there is nothing to transform.
      experimental: { viteModuleRunner: false as const },
    },
  })
  // A process of the run loads the program once for many files, a fifth of the whole time less. Not where a file changes the
  // fixtures of the browser, which would be the next file's too, or where a process of its own is a small part of the time.
  const isApart = (pattern: string): boolean => apart.some((folder) => pattern.startsWith(folder))
  const shared = include.filter((pattern) => !isApart(pattern))
  const alone = include.filter(isApart)
  const ofPage = {
    extends: true as const,
    plugins: [words({ strict: false })],
    test: { name: 'page', isolate: false, include: [...page], setupFiles: ['web/i18n/english.setup.ts'] },
  }
  return {
    test: {
      globalSetup: [...services],
      setupFiles: ['test/program/wait-limit.setup.ts'],
      sequence: { sequencer: SlowestFirst },
      pool: 'forks',
      // A third of a test's time nobody calculates: it waits for a backoff, a disk, an answer that must not come. Of the long
      // ones more, some a minute.
      maxWorkers: Math.ceil(availableParallelism() * (mode === 'long' ? 2 : 1.5)),
      testTimeout: mode === 'long' ? 900_000 : 300_000,
      hookTimeout: 300_000,
      // CI machines are shared and stop for seconds. What passes only at its second try is printed by `.ci/run`, which fails
      // if there are several.
      retry: process.env['CI'] ? 1 : 0,
      // What is polled may take as long as a busy machine needs.
      expect: { poll: { timeout: 120_000, interval: 50 } },
      projects: [
        ofProgram('program', {
          include: shared,
          exclude: apart.map((folder) => `${folder}**`),
          isolate: false,
        }),
        ofProgram('apart', { include: alone, exclude: [], isolate: true }),
        ofPage,
      ].filter(({ test: { include: files } }) => files.length > 0),
    },
  }
})
