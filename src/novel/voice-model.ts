/** Where an installed voice's network lies, for the engine that runs it. */
export interface VoiceModel {
  /** Path of the ONNX file. */
  readonly model: string
  /** Path of its configuration: Piper's `.onnx.json`; hibari needs none. */
  readonly config?: string | undefined
  /** SHA-256 of the ONNX file, hex: the same checksum is the same network, loaded once. */
  readonly checksum: string
  /** SHA-256 of the configuration, hex; left out where there is none, or it is not known. */
  readonly configChecksum?: string | undefined
  /** BCP 47 of the voice; for hibari its accent will do. */
  readonly language: string
}
