import { type InstalledVoice, type SharedModelWish, sharesModel, type StoredWeights, type VoiceFamily } from '../../novel/installed-voice.ts'
import { modelKey } from '../../storage/object-keys.ts'
import type { StoredModel } from '../../storage/voices/voice-model-files.ts'
import type { Application } from '../application.ts'

/** A model that a further voice can share. */
export interface SharedModel {
  readonly model: StoredModel
  readonly weights?: StoredWeights
}

/**
 * The model that a further voice of a family can share: that of an installed one, with these weights if they are named;
 * `undefined` if there is none, or its file is lost.
 */
export async function sharedModel(
  { objects, voices }: Pick<Application, 'objects' | 'voices'>,
  family: VoiceFamily,
  wanted: SharedModelWish = {},
): Promise<SharedModel | undefined> {
  const installed = sharesModel(family) ? voices.withModelOf(family, wanted) : undefined
  return installed && storedModelOf({ objects }, installed)
}

/** The model of an installed voice; `undefined` if its file is lost. */
export async function storedModelOf(
  { objects }: Pick<Application, 'objects'>,
  installed: InstalledVoice,
): Promise<SharedModel | undefined> {
  if (!(await objects.head(modelKey(installed)))) return undefined
  const { checksum, language, weights } = installed
  return {
    model: { modelKey: modelKey(installed), checksum, language },
    ...(weights !== undefined && { weights }),
  }
}
