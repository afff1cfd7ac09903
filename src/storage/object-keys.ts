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

export function coverKey(novelId: string): string {
  return `covers/${novelId}`
}

/** The file of a transcode, named by the hash of all that shapes it. */
export function recordingKey(transcodeKey: string): string {
  return `recordings/${transcodeKey}`
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
