import { t } from '@lingui/core/macro'
import { type ComponentType, useEffect, useState } from 'react'
import { speakInRooms } from '../i18n/language.ts'
import { Loading, Trouble } from '../element/page-state.tsx'

/** A page of its own script, which is fetched before it is entered, or when it is. */
export interface LazyPage<Props> {
  (props: Props): React.JSX.Element
  /** Fetches the script unless it is here; rejects when it cannot be fetched, and may be called again then. */
  readonly preload: () => Promise<unknown>
}

/** Unlike `lazy` of React a script that could not be fetched is fetched again: the server may have been away. */
export function lazyPage<Props extends object>(load: () => Promise<ComponentType<Props>>): LazyPage<Props> {
  let Page: ComponentType<Props> | undefined
  let pending: Promise<unknown> | undefined
  const preload = (): Promise<unknown> =>
    (pending ??= Promise.all([load(), speakInRooms()]).then(
      ([loaded]) => (Page = loaded),
      (error: unknown) => {
        pending = undefined
        throw error
      },
    ))
  function LazyPage(props: Props) {
    const [tries, setTries] = useState(0)
    const [failed, setFailed] = useState(false)
    const [, setEntered] = useState(false)
    useEffect(() => {
      if (Page) return undefined
      let here = true
      preload().then(
        () => here && setEntered(true),
        () =>
          here && (tries === 0 ? setFailed(true) : void renewedPage().then(() => here && setFailed(true))),
      )
      return () => {
        here = false
      }
    }, [tries])
    if (Page) return <Page {...props} />
    if (failed)
      return (
        <Trouble
          error={new Error(t`This page could not be fetched: Nightjar does not answer just now.`)}
          onRetry={() => {
            setFailed(false)
            setTries(tries + 1)
          }}
        />
      )
    return <Loading words={t`One moment…`} />
  }
  return Object.assign(LazyPage, { preload })
}

/**
 * A server that answers and lacks the script has been brought up to date under the open page, which then is loaded again;
 * so is one whose browser remembers that a script failed.
 */
async function renewedPage(): Promise<void> {
  const answer = await fetch(location.href, { cache: 'no-store' }).catch(() => undefined)
  if (answer?.ok === true) location.reload()
}
