import { t } from '@lingui/core/macro'
import { Trans } from '@lingui/react/macro'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useRef } from 'react'
import { Button } from 'react-aria-components/Button'
import type { Novel } from '../../src/http/contract/novel-contract.ts'
import type { Feed } from '../../src/http/contract/export-contract.ts'
import { addresses, api } from '../api.ts'
import { Confirm } from '../element/confirm.tsx'
import { CopyField } from '../element/copy-field.tsx'
import { Loading, Trouble } from '../element/page-state.tsx'
import { PushButton } from '../element/push-button.tsx'
import { useRegainedFocus } from '../element/use-regained-focus.ts'
import { offerBack } from '../element/offer-back.ts'
import { keys } from '../keys.ts'
import { useFeed } from './take-queries.ts'

/** The novel as a podcast: its secret address, made and taken away again. */
export function TakePodcast({ novel }: { readonly novel: Novel }) {
  const known = useFeed(novel.id)
  return (
    <section aria-labelledby="take-podcast">
      <h3 id="take-podcast">
        <Trans>Podcast</Trans>
      </h3>
      <p className="soft">
        <Trans>
          An episode for each chapter, in the podcast app you know; new ones come by themselves as they are
          spoken.
        </Trans>
      </p>
      {known.isPending && <Loading words={t`Looking for its address…`} />}
      {known.isError && <Trouble error={known.error} onRetry={() => void known.refetch()} />}
      {known.data === null && <MakeFeed novelId={novel.id} />}
      {known.data && <KnownFeed novel={novel} feed={known.data} />}
    </section>
  )
}

function MakeFeed({ novelId }: { readonly novelId: string }) {
  const client = useQueryClient()
  const button = useRef<HTMLButtonElement>(null)
  useRegainedFocus(button)
  const make = useMutation({
    mutationFn: () => api.makeFeed(novelId),
    onSuccess: (feed) => client.setQueryData(keys.feed(novelId), feed),
  })
  return (
    <>
      <PushButton ref={button} className="button small" idle={make.isPending} onClick={() => make.mutate()}>
        {make.isPending ? t`One moment…` : t`Make a podcast address`}
      </PushButton>
      {make.isError && <Trouble error={make.error} />}
    </>
  )
}

function KnownFeed({ novel, feed }: { readonly novel: Novel; readonly feed: Feed }) {
  const client = useQueryClient()
  const place = useRef<HTMLDivElement>(null)
  useRegainedFocus(place)
  const revoke = async (): Promise<void> => {
    const removed = await api.revokeFeed(novel.id)
    client.setQueryData(keys.feed(novel.id), null)
    offerBack(removed, t`The podcast’s address is revoked.`, () =>
      client.invalidateQueries({ queryKey: keys.feed(novel.id) }),
    )
  }
  return (
    <div className="take-feed" ref={place}>
      <img
        src={addresses.feedCode(novel.id, feed)}
        width={132}
        height={132}
        alt={t`The podcast’s address as a QR code`}
      />
      <div>
        <CopyField label={t`Podcast address`} value={feed.address} />
        <p className="figures">{reachWords(location.hostname)}</p>
        <p className="figures">
          <Trans>Whoever has the address can hear the book.</Trans>
        </p>
        <Confirm
          trigger={
            <Button className="button small danger">
              <Trans>Revoke the address</Trans>
            </Button>
          }
          title={t`Revoke the podcast’s address?`}
          action={t`Revoke it`}
          onConfirm={revoke}
        >
          <p>
            <Trans>
              Apps that follow it get no more chapters of “{novel.title}”. A new address can be made at any
              time.
            </Trans>
          </p>
        </Confirm>
      </div>
    </div>
  )
}

/** What an app needs to get at the address, which begins as the page's own does. */
function reachWords(host: string): string {
  if (/^(localhost|127\.[\d.]+|\[::1\])$/.test(host))
    return t`Only this machine itself reaches that address. For another device, open this page by the machine’s name in your network.`
  return t`The app must reach this machine: in your network, or from outside by a VPN or a proxy.`
}
