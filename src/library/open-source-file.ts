import { openHttpFile, type HttpSourceOptions } from './address-file.ts'
import { openFolderFile } from './folder-file.ts'
import type { ResumeState, SourceStream } from './source-file.ts'
import type { VoiceSource } from './voice-source.ts'

/**
 * Opens a file where what is held of it ends, if it is still the same file, else at its beginning. Throws
 * `voice.missing`, `voice.unreachable` where trying again is no use, `BrokenConnection` where it may be.
 */
export async function openSourceFile(
  source: VoiceSource,
  path: string,
  held: ResumeState,
  options: HttpSourceOptions,
): Promise<SourceStream> {
  if (source.kind === 'folder') return await openFolderFile(source.folder, path, held)
  return await openHttpFile(source.address, path, held, options)
}
