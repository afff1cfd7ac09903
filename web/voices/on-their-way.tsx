import { t } from '@lingui/core/macro'
import type { Sample } from '../novel/use-sample.ts'
import { InstallProgress } from './install-progress.tsx'
import { installWords } from './shown-installs.ts'
import { Announced } from '../element/told.tsx'
import type { ShownInstalls } from './use-shown-installs.ts'

/** Every voice that is being installed, whoever asked for it, or was so a moment ago. */
export function OnTheirWay({
  shown: { installs, putAway },
  sample,
}: {
  readonly shown: ShownInstalls
  readonly sample: Sample
}) {
  return (
    <section className="on-their-way" aria-label={t`Voices on their way`}>
      {/* Said when it changes, not with every byte. */}
      <Announced words={installs.map(({ name, status }) => `${name}: ${installWords(status)}.`).join(' ')} />
      <ul>
        {installs.map((install) => (
          <li key={install.id}>
            <strong>{install.name}</strong>
            <InstallProgress install={install} sample={sample} onPutAway={() => putAway(install.id)} />
          </li>
        ))}
      </ul>
    </section>
  )
}
