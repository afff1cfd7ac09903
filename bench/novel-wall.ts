import { availableParallelism } from 'node:os'
import { figure, median } from './figures.ts'
import type { Measured, Row } from './report.ts'
import { sideBySide } from './side-by-side.ts'

const most = 1.1

/** Wall time of generating chapters relative to bare engines and encoders speaking the same text on all cores. */
export async function measureNovelWall(quick: boolean): Promise<Measured> {
  return {
    rows: [await wallRow('Heart', 'hibari:heart', quick), await wallRow('eSpeak', 'espeak:en-us', quick)],
  }
}

async function wallRow(name: string, voice: string, quick: boolean): Promise<Row> {
  const ratios = (await sideBySide(voice, quick)).map(({ program, bare }) => program.wall / bare.wall)
  const ratio = median(ratios)
  return {
    what: `wall time of generating with ${name} over bare engine and encoder on ${availableParallelism()} cores`,
    budget: `≤ ${figure(most)}`,
    measured: `${figure(ratio)} (${ratios.length} rounds: ${ratios.map(figure).join(', ')})`,
    met: ratio <= most,
  }
}
