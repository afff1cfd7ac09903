import type { VoiceFamily } from '../novel/installed-voice.ts'

/** The family of a network that wants to be given these inputs; `undefined` if it is of neither. */
export function familyByInputs(inputs: readonly string[]): VoiceFamily | undefined {
  const has = (...names: readonly string[]) => names.every((name) => inputs.includes(name))
  if (has('ids', 'speed')) return 'hibari'
  if (has('input', 'input_lengths', 'scales')) return 'piper'
  return undefined
}
