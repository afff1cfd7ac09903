import { t } from '@lingui/core/macro'
import { Trans } from '@lingui/react/macro'
import { base } from '../base.ts'
import { CopyField } from '../element/copy-field.tsx'

/** How another machine is lent to this server: two commands, to be taken along. */
export function JoinMachine() {
  const server = `${location.origin}${base}`
  const alone = /^(localhost|127\.|\[::1\])/.test(location.hostname)
  return (
    <section className="join-machine" aria-labelledby="join-title">
      <h2 id="join-title">
        <Trans>Lend another machine</Trans>
      </h2>
      <p className="soft">
        <Trans>
          Any computer with Nightjar of the same version can speak for this one, and be switched off whenever
          it is needed elsewhere. It keeps no books and needs no open port.
        </Trans>
      </p>
      <ol>
        <li>
          <CopyField
            label={t`On the server, where the books are: makes a token`}
            value="npx nightjar token create NAME"
          />
        </li>
        <li>
          <CopyField
            label={t`On the other machine, with that token in place of T`}
            value={`npx nightjar speak --server ${server} --token T`}
          />
        </li>
      </ol>
      {alone && (
        <p className="figures">
          <Trans>
            Only this machine knows the address {location.host}. Start the server with{' '}
            <code>HOST=0.0.0.0</code>, and name it as others in your network do.
          </Trans>
        </p>
      )}
    </section>
  )
}
