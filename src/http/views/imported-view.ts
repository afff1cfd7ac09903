import type { Application } from '../../jobs/application.ts'
import type { PreviewContext } from '../../jobs/import/edit-preview.ts'
import { leaveVersion } from '../../jobs/import/versions/offered-version.ts'
import type { ImportedNovel } from '../../jobs/import/novel-commands.ts'
import type { NovelRow } from '../../storage/queries/novel-queries.ts'
import type { RecognisedVersion } from '../contract/version-contract.ts'
import { type NovelViewParts, viewNovel } from './novel-view.ts'
import { viewOffered, viewSummary } from './version-view.ts'
import type { Viewer } from './viewer.ts'

export type ImportedViewParts = NovelViewParts &
  PreviewContext &
  Pick<Application, 'deletions' | 'lock' | 'objects'>

/** What became of a file: the answer to it. A version in which nothing changed is left. */
export async function viewImported(
  application: ImportedViewParts,
  { novel, restored, version }: ImportedNovel,
  viewer: Viewer,
  signal: AbortSignal,
) {
  const recognised = version && (await viewRecognised(application, novel, version, signal))
  const view = await viewNovel(application, novel, viewer)
  return { success: true as const, ...view, ...(restored && { restored }), ...recognised }
}

async function viewRecognised(
  application: ImportedViewParts,
  row: NovelRow,
  version: NovelRow,
  signal: AbortSignal,
): Promise<{ readonly version: RecognisedVersion } | { readonly unchanged: true }> {
  const { versionDifference } = await import('../../jobs/import/versions/version-difference.ts')
  const difference = await versionDifference(application, row, version, signal)
  if (difference.chapters.length > 0)
    return { version: { ...viewOffered(version), difference: viewSummary(difference) } }
  // The same text in another file is nothing to be asked about.
  await leaveVersion(application, version.id)
  return { unchanged: true }
}
