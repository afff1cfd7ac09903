import { type InstalledVoice, sharesModel } from '../novel/installed-voice.ts'
import { hash } from 'node:crypto'
import { v7 as uuidv7 } from 'uuid'
import type { ClipKey } from '../novel/clip.ts'

/** Named by the novel's id, not by a hash: the same file may be imported again while its old novel is being deleted. */
export function sourceKey(novelId: string): string {
  return `sources/${novelId}`
}

/** Metadata of a source file, from which its novel can be recovered without a database. */
export function sourceCardKey(novelId: string): string {
  return `sources/${sourceCardName(novelId)}`
}

export function sourceCardName(novelId: string): string {
  return `${novelId}.json`
}

/** A file that is imported in the background, until it has become something. */
export function importKey(fileId: string): string {
  return `imports/${fileId}`
}

export function coverKey(novelId: string): string {
  return `covers/${novelId}`
}

/** The file of a transcode, named by the hash of all that shapes it. */
export function recordingKey(transcodeKey: string): string {
  return `recordings/${transcodeKey}`
}

/** The model of a voice: its own, or the one that voices of its family share, in a folder named by its checksum. */
export function modelKey(voice: Pick<InstalledVoice, 'checksum' | 'family' | 'folder'>): string {
  return voiceKeys(sharesModel(voice.family) ? voice.checksum : voice.folder).model
}

/**
 * The files of a voice, named by its install's id, not by the model: two voices may share a model and differ in their
 * configuration. The publisher's names are not used.
 */
export function voiceKeys(installId: string): {
  readonly model: string
  readonly config: string
  readonly card: string
} {
  const folder = `voices/${installId}`
  return {
    model: `${folder}/model.onnx`,
    config: `${folder}/model.onnx.json`,
    card: `${folder}/MODEL_CARD`,
  }
}

/**
 * The object of one clip. Its key ends in the hash of the audio: two speakers may make other bytes of one text, and
 * neither may overwrite what the other has stored.
 */
export function clipObjectKey({ recipe, words }: ClipKey, adts: Uint8Array): string {
  return `clips/${recipe.slice(0, 2)}/${recipe}/${words}-${hash('sha256', adts, 'hex').slice(0, 8)}`
}

export function isSingleClip(object: string): boolean {
  return object.startsWith('clips/')
}

/** The clip that an object was made for; `undefined` if it is none of `clipObjectKey`. */
export function keyOfClipObject(object: string): ClipKey | undefined {
  const [, recipe, words] = /^clips\/[\da-f]{2}\/([\da-f]{32})\/([\da-f]{32})-/.exec(object) ?? []
  return recipe !== undefined && words !== undefined ? { recipe, words } : undefined
}

const groups = 'packs/groups/'

/**
 * Clips that were stored at the same time as one object, of whatever chapters: a new key each time, so that nothing is
 * ever stored twice under it.
 */
export function groupKey(): string {
  return `${groups}${uuidv7()}`
}

export function isGroup(object: string): boolean {
  return object.startsWith(groups)
}

/** The clips of a chapter in one object. `content`: what tells it from another pack of the chapter. */
export function packKey(castingId: string, chapterId: number, content: string): string {
  return `packs/${castingId.slice(0, 2)}/${castingId}/${chapterId}-${hash('sha256', content, 'hex').slice(0, 8)}`
}
