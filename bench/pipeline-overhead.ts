import { figure, median } from './figures.ts'
import type { Measured, Row } from './report.ts'
import { type Round, sideBySide } from './side-by-side.ts'

const most = 1.5

/** Cost of the pipeline beyond the engine, relative to encoding alone, for each round. */
export async function measurePipelineOverhead(quick: boolean): Promise<Measured> {
  return {
    rows: [
      await overheadRow('Heart', 'hibari:heart', quick),
      await overheadRow('eSpeak', 'espeak:en-us', quick),
    ],
  }
}

async function overheadRow(name: string, voice: string, quick: boolean): Promise<Row> {
  const ratios = (await sideBySide(voice, quick)).map(overhead)
  const ratio = median(ratios)
  return {
    what: `studio overhead with ${name}: CPU of all processes beyond the bare engine, over CPU of the bare encoder`,
    budget: `≤ ${most}`,
    measured: `${figure(ratio)} (${ratios.length} rounds: ${ratios.map(figure).join(', ')})`,
    met: ratio <= most,
  }
}

function overhead({ program, bare }: Round): number {
  return (program.server + program.workers - bare.engine) / bare.encoder
}
