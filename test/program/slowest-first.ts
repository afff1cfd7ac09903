import { BaseSequencer, type TestSpecification } from 'vitest/node'

/**
 * The files that take longest, longest first. Vitest knows how long each took last time, but on a clean clone nothing; then
 * it begins with those of most bytes, and one that has few and takes minutes is left for the end, when the other processors
 * have nothing to do.
 */
const slowest = [
  'test/long/schemathesis.test.ts',
  'test/long/crash.test.ts',
  'test/long/fleet-crash.test.ts',
  'test/long/packed.test.ts',
  'test/long/transcodes.test.ts',
  'test/long/container-image.test.ts',
  'test/long/damage.test.ts',
  'test/long/speak.test.ts',
  'test/long/voice-installs.test.ts',
  'test/long/custom-voices.test.ts',
  'test/long/offline.test.ts',
  'test/long/full-player.test.ts',
  'test/long/two-servers.test.ts',
  'test/long/cast-crash.test.ts',
  'test/long/lexicon-crash.test.ts',
  'test/browser/reading.test.ts',
  'test/cli.test.ts',
  'src/speech/worker/voice-validation.test.ts',
  'test/inbox-crash.test.ts',
  'test/browser/voices.test.ts',
  'test/reliability-promises.test.ts',
  'test/shutdown.test.ts',
  'test/storage.test.ts',
  'test/database-damage.test.ts',
  'test/browser/languages.test.ts',
  'test/browser/review.test.ts',
  'test/browser/restart.test.ts',
  'test/browser/several-devices.test.ts',
  'test/lexicon.test.ts',
  'test/lost-database.test.ts',
  'test/grown-novels.test.ts',
  'test/crash.test.ts',
  'test/keep-ahead.test.ts',
  'test/browser/listening.test.ts',
  'test/browser/generation.test.ts',
  'test/cast.test.ts',
  'test/browser/library.test.ts',
  'test/backup.test.ts',
  'test/browser/queue.test.ts',
  'test/browser/bookmarks.test.ts',
  'src/speech/engines/piper/piper-engine.test.ts',
  'test/concurrent-imports.test.ts',
]

export class SlowestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const rank = ({ moduleId, project }: TestSpecification): number => {
      // A process that has loaded one project serves no other, so those of each come together.
      if (project.name === 'page') return slowest.length + 2
      const at = slowest.findIndex((name) => moduleId.endsWith(`/${name}`))
      return at >= 0 ? at : slowest.length + (project.name === 'apart' ? 0 : 1)
    }
    return (await super.sort(files)).toSorted((one, other) => rank(one) - rank(other))
  }
}
