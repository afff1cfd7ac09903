import { Trans } from '@lingui/react/macro'
import { t } from '@lingui/core/macro'
import { useMay } from '../account/account-state.ts'
import { useCatalogues } from '../catalogues/catalogue-api.ts'
import { Catalogues } from '../catalogues/catalogues.tsx'
import { Loading } from '../element/page-state.tsx'
import { useTitle } from '../element/use-title.ts'
import { BrowserNotifications } from './browser-notifications.tsx'
import { LanguageModel } from './language-model.tsx'
import { useChatModel, useInbox, useTrash, useWebhooks } from './settings-api.ts'
import { Trash } from './trash.tsx'
import { WatchedFolder } from './watched-folder.tsx'
import { Webhooks } from './webhooks.tsx'
import './settings.css'

/**
 * What is set for all books. Sections of other subjects are hung in here; the page waits for what they ask for, so that
 * none moves those below it.
 */
export function SettingsPage() {
  const [mayEdit, isAdmin] = [useMay('editor'), useMay('admin')]
  const asked = [
    useInbox(mayEdit),
    useCatalogues(mayEdit),
    useWebhooks(isAdmin),
    useChatModel(isAdmin),
    useTrash(),
  ]
  useTitle(t`Settings`)
  // What failed is asked for again by the sections themselves, and is pending again meanwhile.
  if (asked.some(({ isLoading, errorUpdateCount }) => isLoading && errorUpdateCount === 0))
    return <Loading words={t`One moment…`} />
  return (
    <div className="settings">
      <h1>
        <Trans>Settings</Trans>
      </h1>
      <BrowserNotifications />
      {mayEdit && <WatchedFolder />}
      {mayEdit && <Catalogues />}
      {isAdmin && <Webhooks />}
      {isAdmin && <LanguageModel />}
      <Trash />
    </div>
  )
}
