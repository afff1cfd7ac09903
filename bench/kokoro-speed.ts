import type { BareText } from './bare-speaker.ts'
import { largeText } from './books.ts'
import { figure, median, sum } from './figures.ts'
import { kokoro, kokoroVoice } from './kokoro.ts'
import { passagesOf } from './prose.ts'
import type { Measured } from './report.ts'
import { BareLoops, Workers } from './voice-workers.ts'

const most = 1.05
const least = 1.5
const mostMb = 800

/** Kokoro, from text to clip: its speed, its memory, and its cost beyond the runtime itself. */
export async function measureKokoroSpeed(quick: boolean): Promise<Measured> {
  using installed = await kokoro()
  if (installed === undefined) {
    console.error('kokoro-speed is skipped: Kokoro is not in ../shared/voices/kokoro.')
    return { rows: [] }
  }
  const { model } = installed
  const lengths = quick ? [100, 300] : [200, 700, 700, 700]
  const [warmUp, ...passages] = (await passagesOf(largeText(), lengths)).map(({ texts }, at) =>
    ofLength(texts, lengths[at]!),
  )
  if (warmUp === undefined) return { rows: [] }
  using bare = new BareLoops(new URL('bare-kokoro.ts', import.meta.url), [model.model, model.config])
  const workers = new Workers(kokoroVoice, model)
  try {
    await workers.speak(warmUp)
    await bare.speak(warmUp)
    const rounds: { readonly own: number; readonly loop: number; readonly seconds: number }[] = []
    for (const [index, texts] of passages.entries()) {
      // The order alternates, so that other load on the machine affects both equally.
      const before = index % 2 === 0 ? undefined : await bare.speak(texts)
      const { cpu: own } = await workers.speak(texts)
      const loop = before ?? (await bare.speak(texts))
      rounds.push({ own, loop: loop.cpu, seconds: loop.seconds })
    }
    const speed = sum(rounds.map(({ seconds }) => seconds)) / sum(rounds.map(({ own }) => own))
    const ratio = median(rounds.map(({ own, loop }) => own / loop))
    const { memory } = workers
    return {
      rows: [
        {
          what: 'Kokoro, from the text to the clip: seconds of speech per CPU second',
          budget: `≥ ${figure(least)}`,
          measured: figure(speed),
          met: speed >= least,
        },
        {
          what: 'the same: CPU over a bare loop over the same phonemes',
          budget: `≤ ${figure(most)}`,
          measured: `${figure(ratio)} (${rounds.length} rounds)`,
          met: ratio <= most,
        },
        {
          what: 'each speaker’s RSS with Kokoro',
          budget: `≤ ${mostMb} MB`,
          measured: `${figure(memory)} MB`,
          met: memory <= mostMb,
        },
      ],
    }
  } finally {
    await workers.stop()
  }
}

/** The first texts, of so many characters: passages are whole chapters, of which each takes ten minutes here. */
function ofLength(texts: readonly BareText[], characters: number): readonly BareText[] {
  let spoken = 0
  return texts.filter(({ text }) => {
    const isWithin = spoken < characters
    if (isWithin) spoken += text.length
    return isWithin
  })
}
