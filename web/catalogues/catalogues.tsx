import { t } from '@lingui/core/macro'
import { Trans } from '@lingui/react/macro'
import { useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { Button } from 'react-aria-components/Button'
import { Link } from 'wouter'
import type { OpdsSourceView } from '../../src/http/contract/opds-source-contract.ts'
import { useMay } from '../account/account-state.ts'
import { Confirm } from '../element/confirm.tsx'
import { offerBack } from '../element/offer-back.ts'
import { Trouble } from '../element/page-state.tsx'
import { keys } from '../keys.ts'
import { catalogueApi, useCatalogues } from './catalogue-api.ts'
import { CatalogueForm } from './catalogue-form.tsx'
import './catalogues.css'

/** OPDS catalogues from which books are fetched: who may look after the house adds them. */
export function Catalogues() {
  const catalogues = useCatalogues()
  const isAdmin = useMay('admin')
  const [adding, setAdding] = useState(false)
  return (
    <section aria-labelledby="catalogues-title" id="catalogues">
      <h2 id="catalogues-title">
        <Trans>Catalogues</Trans>
      </h2>
      <p className="soft">
        <Trans>
          Books can be fetched from OPDS catalogues: of Calibre, Kavita, Komga, a public library, or another
          Nightjar.
        </Trans>
      </p>
      {catalogues.isError && <Trouble error={catalogues.error} onRetry={() => void catalogues.refetch()} />}
      {catalogues.data !== undefined && catalogues.data.length > 0 && (
        <ul className="setting-lines">
          {catalogues.data.map((source) => (
            <CatalogueLine key={source.id} source={source} mayChange={isAdmin} />
          ))}
        </ul>
      )}
      {isAdmin &&
        (adding ? (
          <CatalogueForm onDone={() => setAdding(false)} />
        ) : (
          <button type="button" className="button" onClick={() => setAdding(true)}>
            <Trans>Add a catalogue</Trans>
          </button>
        ))}
    </section>
  )
}

interface CatalogueLineProps {
  readonly source: OpdsSourceView
  readonly mayChange: boolean
}

function CatalogueLine({ source, mayChange }: CatalogueLineProps) {
  const { id, title, address, user, hasPassword } = source
  const client = useQueryClient()
  const [editing, setEditing] = useState(false)
  const renew = () => client.invalidateQueries({ queryKey: keys.opdsSources })
  return (
    <li className="setting-line">
      <h3>
        <Link href={`/catalogues/${id}`}>{title}</Link>
      </h3>
      <p className="figures">{address}</p>
      {user !== null && (
        <p className="figures">
          {hasPassword ? (
            <Trans>As {user}, with a password that is not shown.</Trans>
          ) : (
            <Trans>As {user}, without a password.</Trans>
          )}
        </p>
      )}
      {mayChange && !editing && (
        <div className="setting-acts">
          <button type="button" className="button small" onClick={() => setEditing(true)}>
            <Trans>Edit</Trans>
            <span className="unseen"> {title}</span>
          </button>
          <Confirm
            trigger={
              <Button className="button small">
                <Trans>Remove</Trans>
                <span className="unseen"> {title}</span>
              </Button>
            }
            title={t`Remove ${title}?`}
            action={t`Remove the catalogue`}
            onConfirm={async () => {
              const removed = await catalogueApi.remove(id)
              await renew()
              offerBack(removed, t`${title} is removed.`, renew)
            }}
          >
            <p>
              <Trans>Books that came from it stay. Its password goes with it.</Trans>
            </p>
          </Confirm>
        </div>
      )}
      {editing && <CatalogueForm source={source} onDone={() => setEditing(false)} />}
    </li>
  )
}
